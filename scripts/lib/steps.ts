const quietMs = 2000;
const remindMs = 30_000;

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/**
 * Does a piece of work and says so in a line with its time. What takes longer is announced when it has become
 * noticeable, and again now and then: plain lines, which read the same in a terminal and in a CI log.
 */
export async function step<T>(label: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const announce = setTimeout(() => console.log(`… ${label}`), quietMs);
  const remind = setInterval(() => console.log(`… ${label}  ${seconds(started)}`), remindMs);
  try {
    const result = await work();
    console.log(`✓ ${label}  ${seconds(started)}`);
    return result;
  } catch (error) {
    console.log(`✗ ${label}  ${seconds(started)}`);
    throw error;
  } finally {
    clearTimeout(announce);
    clearInterval(remind);
  }
}
