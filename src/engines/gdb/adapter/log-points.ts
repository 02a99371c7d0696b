import { t } from '@vscode/l10n';
import { readHitCount } from './hit-count.ts';

/** What a person wants of a log point. */
export interface LogPoint {
  /** Text with expressions in braces. */
  readonly message: string;
  readonly condition: string | undefined;
  readonly hitCondition: string | undefined;
}

/**
 * A function that gdb calls as the condition of a breakpoint: it says what the log point says, and that the guest
 * need not stop. So nothing leaves gdb but the text, whether the breakpoint is of the processor or of the stub.
 */
// not for people: gdb runs it
const FUNCTION = `
import gdb, json

class KvmLog(gdb.Function):
    def __init__(self):
        super().__init__('_kvm_log')
        self.points = {}

    def set(self, number, text):
        self.points[number] = dict(json.loads(text), hits=0)

    def invoke(self, number):
        point = self.points.get(int(number))
        try:
            if point is not None and self.wanted(point):
                gdb.write(''.join(self.said(part) for part in point['parts']) + '\\n')
        except Exception as error:
            gdb.write('{%s}\\n' % error)
        return 0

    def wanted(self, point):
        condition = point['condition']
        if condition and not int(gdb.parse_and_eval(condition)):
            return False
        point['hits'] += 1
        late = point['once'] and point['hits'] > point['first']
        return point['hits'] >= point['first'] and not late

    def said(self, part):
        if 'text' in part:
            return part['text']
        try:
            return gdb.parse_and_eval(part['value']).format_string()
        except Exception as error:
            return '{%s}' % error

kvm_log = KvmLog()
`;

/** The log points of a session, which gdb runs itself. */
export class LogPoints {
  readonly #send: (command: string) => Promise<unknown>;
  readonly #numbers = new Map<string, number>();
  #function: Promise<unknown> | undefined;

  constructor(send: (command: string) => Promise<unknown>) {
    this.#send = send;
  }

  /**
   * The condition of the breakpoint at that place. Set again, it begins to count hits anew.
   * @throws Error for the person: the hit count is none, or gdb knows no Python.
   */
  async condition(place: string, point: LogPoint): Promise<string> {
    const text = describe(point);
    this.#function ??= this.#send(python(FUNCTION));
    await this.#function.catch(() => {
      throw new Error(t('Log points need a gdb with Python, and this one has none.'));
    });
    const number = this.#numbers.get(place) ?? this.#numbers.size + 1;
    this.#numbers.set(place, number);
    await this.#send(`python kvm_log.set(${number}, ${ascii(text)})`);
    return `$_kvm_log(${number})`;
  }
}

function describe({ message, condition = '', hitCondition }: LogPoint): string {
  const hits = hitCondition === undefined ? undefined : readHitCount(hitCondition);
  const parts = message
    .split(/\{([^{}]*)\}/)
    .map((part, index) => (index % 2 === 0 ? { text: part } : { value: part }));
  const first = (hits?.ignoreCount ?? 0) + 1;
  return JSON.stringify({ parts, condition, first, once: hits?.temporary ?? false });
}

/** Lines of Python as one command of gdb's. */
function python(code: string): string {
  return `python exec(${ascii(code)}, globals())`;
}

/** A literal of Python's, in whatever character set gdb reads it. */
function ascii(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
