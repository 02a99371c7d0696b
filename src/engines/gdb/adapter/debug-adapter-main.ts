import { GDBTargetDebugSession } from 'cdt-gdb-adapter';
import { KvmDebugSession } from './kvm-session.ts';

// The debug adapter, in a process of its own: VS Code speaks with it over its standard input and output.
GDBTargetDebugSession.run(KvmDebugSession);
