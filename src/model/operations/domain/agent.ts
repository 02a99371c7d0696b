import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { CallOptions } from '../../../client/rpc/connection.ts';
import { OperationError } from '../error.ts';

/** The device of a domain over which libvirt talks to a guest agent. */
export const AGENT_CHANNEL =
  '<channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>';

/** A question to the guest agent: a command of its own protocol. */
export interface AgentQuestion {
  /** Such as `guest-get-osinfo`. */
  readonly execute: string;
  readonly arguments?: object;
  /** In seconds; what libvirt has set by default. */
  readonly timeoutSeconds?: number;
}

/**
 * `virDomainQemuAgentCommand`: what the agent answers, which is the guest's word and may be anything. libvirt marks the
 * domain as tainted, since the agent is reached around it. @throws RemoteError, OperationError for what is no answer
 */
export async function askAgent(
  { qemu }: Connection,
  ref: DomainRef,
  { timeoutSeconds, ...command }: AgentQuestion,
  options?: CallOptions,
): Promise<unknown> {
  const answer = await qemu.agentCommand(ref, JSON.stringify(command), timeoutSeconds, options);
  return membersOf(inJson(answer ?? '{}'))['return'];
}

function inJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new NonsenseError({ cause });
  }
}

/** The guest said something that no agent says. */
export class NonsenseError extends OperationError {
  constructor(options?: ErrorOptions) {
    super(
      'agent-nonsense',
      t('Its guest agent gives an answer that makes no sense'),
      t('Something other than qemu-guest-agent may answer in the guest.'),
      options,
    );
  }
}

/** The members of an object that an agent answered; none of what is no object. */
export function membersOf(answer: unknown): Readonly<Record<string, unknown>> {
  return typeof answer === 'object' && answer !== null ? (answer as Readonly<Record<string, unknown>>) : {};
}

/** libvirt says that there is no agent, but not how to get one. @throws OperationError, or what the call throws */
export async function withAgent<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (isLibvirtError(cause, ErrorCode.AGENT_UNRESPONSIVE))
      throw new OperationError(
        'agent-silent',
        t('Its guest agent does not answer'),
        t('Install and start qemu-guest-agent in the guest.'),
        { cause },
      );
    if (isLibvirtError(cause, ErrorCode.ARGUMENT_UNSUPPORTED))
      throw new OperationError(
        'no-agent',
        t('It has no channel for a guest agent'),
        t('Add {0} to its devices.', AGENT_CHANNEL),
        { cause },
      );
    const message = cause instanceof Error ? cause.message : '';
    const [, unknown] = NOT_FOUND.exec(message) ?? [];
    if (unknown !== undefined)
      throw new OperationError(
        'agent-refuses',
        t('Its guest agent does not know the command {0}', unknown),
        t('A newer qemu-guest-agent in the guest may.'),
        { cause },
      );
    const [, command] = DISABLED.exec(message) ?? [];
    if (command !== undefined)
      throw new OperationError(
        'agent-refuses',
        t('Its guest agent may not do that: the command {0} is disabled', command),
        t(
          'Allow it in the guest: take {0} out of block-rpcs (or blacklist) in /etc/qemu/qemu-ga.conf, in Fedora and its kin out of BLOCK_RPCS, or into --allow-rpcs of FILTER_RPC_ARGS, in /etc/sysconfig/qemu-ga. Then restart qemu-guest-agent there.',
          command,
        ),
        { cause },
      );
    throw cause;
  }
}

/** What QEMU's agent, old and new, says of what its configuration takes away, and of what it was built without. */
const DISABLED = /\bcommand '?(guest-[a-z0-9-]+)'? has been disabled/iu;
const NOT_FOUND = /\bcommand '?(guest-[a-z0-9-]+)'? has not been found/iu;
