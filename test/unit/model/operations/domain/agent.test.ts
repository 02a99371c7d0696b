import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RemoteError } from '../../../../../src/client/rpc/error.ts';
import { withAgent } from '../../../../../src/model/operations/domain/agent.ts';

/** libvirt's words around those of the agent. */
function refusal(words: string): Error {
  const message = `internal error: unable to execute QEMU agent command 'guest-exec': ${words}`;
  return new RemoteError('QEMU_DOMAIN_AGENT_COMMAND', { code: 1, domain: 10, level: 2, message });
}

suite('A guest agent that refuses', () => {
  test('says how to allow what its configuration takes away, old and new', async () => {
    for (const words of [
      'The command guest-exec has been disabled for this instance',
      'Command guest-exec has been disabled',
      'Command guest-exec has been disabled: the command is not allowed',
    ])
      await assert.rejects(
        withAgent(() => Promise.reject(refusal(words))),
        {
          code: 'agent-refuses',
          message: /the command guest-exec is disabled/u,
          hint: /take guest-exec out of block-rpcs .*\/etc\/qemu\/qemu-ga\.conf.*\/etc\/sysconfig\/qemu-ga/u,
        },
        words,
      );
  });

  test('is told as too old where it never heard of the command', async () => {
    await assert.rejects(
      withAgent(() => Promise.reject(refusal('The command guest-exec has not been found'))),
      { code: 'agent-refuses', message: /does not know the command guest-exec/u },
    );
  });

  test('is left to its own words otherwise', async () => {
    const other = refusal('Guest agent command failed: No such file or directory');
    await assert.rejects(
      withAgent(() => Promise.reject(other)),
      other,
    );
  });
});
