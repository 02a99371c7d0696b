import { config } from '@vscode/l10n';
import { GDBTargetDebugSession } from 'cdt-gdb-adapter';
import { KvmDebugSession } from './kvm-session.ts';

// The debug adapter, in a process of its own: VS Code speaks with it over its standard input and output.
const { KVM_TRANSLATION: translation } = process.env;
if (translation !== undefined) config({ fsPath: translation });
GDBTargetDebugSession.run(KvmDebugSession);
