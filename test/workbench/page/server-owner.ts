import { findCodeServer } from '../../../scripts/lib/code-server.ts';
import { startWorkbenchServer } from '../../../scripts/lib/workbench-server.ts';

/** Run as: node server-owner.ts DATA-FOLDER. Prints the port of a server and then waits to be ended. */
const [dataFolder = ''] = process.argv.slice(2);
const codeServer = await findCodeServer();
if (codeServer === undefined) throw new Error('code-server is not installed: `npm test` does that.');
const server = await startWorkbenchServer(codeServer, { dataFolder, builtinExtensions: [] });
console.log(server.port);
await server.ended;
