import { runChecks } from './lib/checks.ts';

const results = await runChecks(({ name, passed, seconds }) =>
  console.log(`${passed ? '✓' : '✗'} ${name}  ${seconds.toFixed(1)} s`),
);
for (const { name, output } of results.filter(({ passed }) => !passed)) {
  console.log(`\n${name}:\n${output}`);
  process.exitCode = 1;
}
