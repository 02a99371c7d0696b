import { t } from '@vscode/l10n';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { miString } from '../gdb-command.ts';
import { readable } from './value-text.ts';

/** Sends a command for machines to gdb. @throws Error with gdb's own words. */
export type Send = <T>(command: string) => Promise<T>;

/** A frame of a thread, as gdb counts them; undefined is what does not depend on one. */
export type Frame = { readonly threadId: number; readonly frameId: number } | undefined;

/** A variable object of gdb's. */
interface Variable {
  readonly name: string;
  readonly numchild?: string;
  readonly value?: string;
  readonly type?: string;
  /** Made by a printer of Python's, which may have children that it has not counted. */
  readonly dynamic?: string;
}

interface Child extends Variable {
  readonly exp: string;
}

/** Remembers a variable object of gdb's in a frame, and returns the number by which its parts are asked for. */
export type Refer = (varobj: string) => number;

/** For what is listed and not shown. */
const UNSEEN: Refer = () => 0;

type Result = Pick<DebugProtocol.Variable, 'value' | 'type' | 'variablesReference' | 'evaluateName'>;

const NUMBERED = /^\d+$/;
const ARRAY = /\[\d*\]$/;
const CHARACTERS = /^(?:(?:const|volatile|signed|unsigned) )*char \[\d+\]$/;
/** The sections of C++, which gdb shows as parts of their own. */
const SECTIONS: ReadonlySet<string> = new Set(['public', 'protected', 'private']);

/** Values as gdb has them, with its own words where there are none, while the guest stands still. */
export class Values {
  readonly #send: Send;
  /** Those of gdb's variable objects that have no parent. */
  readonly #made = new Set<string>();
  /** The variable object of each name that was shown, by the object or frame that it is part of. */
  readonly #shown = new Map<string, Map<string, string>>();

  constructor(send: Send) {
    this.#send = send;
  }

  /** The guest has run: what was looked at is another's now. */
  async forget(): Promise<void> {
    const names = [...this.#made];
    this.#made.clear();
    this.#shown.clear();
    await Promise.all(names.map((name) => this.#send(`-var-delete ${name}`)));
  }

  /** Variables and arguments of a frame, the innermost block first; one of each name. */
  async locals(frame: NonNullable<Frame>, refer: Refer): Promise<DebugProtocol.Variable[]> {
    // Without values: gdb would look names up in all symbols to have them.
    const command = `-stack-list-variables ${optionsOf(frame)} --no-values`;
    const { variables } = await this.#send<{ variables: readonly { readonly name: string }[] }>(command);
    const names = [...new Set(variables.map(({ name }) => name))];
    const shown = this.#shownIn(keyOf(frame));
    return Promise.all(
      names.map(async (name) => {
        try {
          const made = await this.#create(name, frame);
          shown.set(name, made.name);
          return { name, ...(await this.#show(made, name, refer, frame)), memoryReference: `&(${name})` };
        } catch (error) {
          return { name, value: wordsOf(error), variablesReference: 0 };
        }
      }),
    );
  }

  /** The parts of a variable object. */
  async children(varobj: string, refer: Refer, frame: Frame): Promise<DebugProtocol.Variable[]> {
    // Somebody may have changed them meanwhile.
    await this.#send(`-var-update --no-values ${varobj}`);
    const list = `-var-list-children --all-values ${varobj}`;
    const { children = [] } = await this.#send<{ children?: readonly Child[] }>(list);
    const shown = this.#shownIn(varobj);
    const parts = await Promise.all(
      children.map(async (child): Promise<DebugProtocol.Variable[]> => {
        if (child.type === undefined && SECTIONS.has(child.exp)) {
          const inner = await this.children(child.name, refer, frame);
          for (const [name, object] of this.#shownIn(child.name)) shown.set(name, object);
          return inner;
        }
        const name = NUMBERED.test(child.exp) ? `[${child.exp}]` : child.exp;
        shown.set(name, child.name);
        return [{ name, ...(await this.#show(child, await this.#pathOf(child), refer, frame)) }];
      }),
    );
    return parts.flat();
  }

  /** @throws Error with gdb's own words. */
  async evaluate(expression: string, frame: Frame, refer: Refer): Promise<Result> {
    const made = await this.#create(expression, frame);
    if (isMissing(made)) await this.text(expression, frame);
    return this.#show(made, expression, refer, frame);
  }

  /** All of a value as text, as gdb's `print` has it. @throws Error with gdb's own words. */
  async text(expression: string, frame: Frame): Promise<string> {
    const command = `-data-evaluate-expression ${optionsOf(frame)} ${miString(expression)}`;
    return readable((await this.#send<{ value?: string }>(command)).value ?? '');
  }

  /** @param holder what the variable is shown below: a variable object or a frame. @throws Error with gdb's own words. */
  async assign(holder: string | NonNullable<Frame>, name: string, value: string): Promise<string> {
    const shown = this.#shownIn(typeof holder === 'string' ? holder : keyOf(holder));
    if (!shown.has(name)) await this.#list(holder);
    const object = shown.get(name);
    if (object === undefined) throw new Error(t('There is no variable {0} here', name));
    const { value: now = '' } = await this.#send<Variable>(`-var-assign ${object} ${miString(value)}`);
    return readable(now);
  }

  /** Has gdb name what is below a holder that nobody looked into yet. */
  async #list(holder: string | NonNullable<Frame>): Promise<void> {
    if (typeof holder === 'string') await this.children(holder, UNSEEN, undefined);
    else await this.locals(holder, UNSEEN);
  }

  async #create(expression: string, frame: Frame): Promise<Variable> {
    const place = frame === undefined ? '- @' : '- *';
    try {
      const command = `-var-create ${optionsOf(frame)} ${place} ${miString(expression)}`;
      const made = await this.#send<Variable>(command);
      this.#made.add(made.name);
      return made;
    } catch (error) {
      // It only says that it is unable to; asked for the value, gdb says why.
      await this.text(expression, frame);
      throw error;
    }
  }

  async #show(made: Variable, path: string | undefined, refer: Refer, frame: Frame): Promise<Result> {
    const { name, type = '', value = '', numchild, dynamic } = made;
    // The text of a string, and why there is no value, are only said by whoever is asked for all of it.
    const whole = path !== undefined && (isMissing(made) || CHARACTERS.test(type));
    return {
      value: whole ? await this.text(path, frame).catch(wordsOf) : readable(value),
      type,
      ...(path !== undefined && { evaluateName: path }),
      variablesReference: Number(numchild ?? 0) > 0 || dynamic === '1' ? refer(name) : 0,
    };
  }

  /** The expression for a part, which gdb alone knows below casts, pointers and what has no name. */
  async #pathOf({ name, exp }: Child): Promise<string | undefined> {
    if (exp.startsWith('<')) return undefined;
    try {
      const command = `-var-info-path-expression ${name}`;
      return (await this.#send<{ path_expr: string }>(command)).path_expr;
    } catch {
      // A printer of Python's made it up.
      return undefined;
    }
  }

  #shownIn(key: string): Map<string, string> {
    const known = this.#shown.get(key);
    if (known !== undefined) return known;
    const made = new Map<string, string>();
    this.#shown.set(key, made);
    return made;
  }
}

function optionsOf(frame: Frame): string {
  return frame === undefined ? '' : `--thread ${frame.threadId} --frame ${frame.frameId}`;
}

function keyOf({ threadId, frameId }: NonNullable<Frame>): string {
  return `${threadId} ${frameId}`;
}

/** Structures and arrays are said to be `{...}` and `[3]`; nothing is what could not be read. */
function isMissing({ value, type = '', dynamic }: Variable): boolean {
  return (value === undefined || value === '') && dynamic !== '1' && type !== 'void' && !ARRAY.test(type);
}

function wordsOf(error: unknown): string {
  return `<error: ${error instanceof Error ? error.message : String(error)}>`;
}
