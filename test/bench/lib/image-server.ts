import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { AddedImage } from '../../../src/engines/environment/images/image-store.ts';

/** A web server on this machine with one image and its list of checksums, and the catalogue's entry of that. */
export async function serveImage(path: string): Promise<{ readonly entry: AddedImage } & AsyncDisposable> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  const list = `${hash.digest('hex')}  debian.qcow2\n`;
  const { size } = await stat(path);
  const server = createServer((request, response) => {
    if (request.url === '/SHA512SUMS') response.end(list);
    else if (request.url === '/debian.qcow2') {
      response.writeHead(200, { 'content-length': size });
      // Whoever goes away in the middle is told by the request that failed on the other side.
      pipeline(createReadStream(path), response).catch(() => response.destroy());
    } else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    entry: { name: 'debian-test', url: `${url}/debian.qcow2`, checksum: `${url}/SHA512SUMS` },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
