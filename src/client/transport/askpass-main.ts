/**
 * What ssh runs to ask something (SSH_ASKPASS): hands the question to the process that started ssh and prints
 * its answer for ssh to read. Exit code 1 means no.
 */
import { connect } from 'node:net';

const { KVM_ASKPASS_SOCKET: path = '', KVM_ASKPASS_TOKEN: token, SSH_ASKPASS_PROMPT: hint } = process.env;
const socket = connect({ path });
let reply = '';
process.exitCode = 1;
socket.setEncoding('utf8');
socket.on('error', () => process.exit(1));
socket.on('data', (text: string) => (reply += text));
socket.on('end', () => {
  if (reply === '') return;
  const { answer } = JSON.parse(reply) as { answer: string };
  process.stdout.write(`${answer}\n`);
  process.exitCode = 0;
});
socket.write(`${JSON.stringify({ token, prompt: process.argv[2] ?? '', hint })}\n`);
