// Node's own HTTP/2 as a client that goes on: `client_node.mjs HOST:PORT CA PREFIX` asks until its standard input ends, then says what it saw as JSON.
// Like any client with a pool it opens another session when one is told to go away; requests that were sent on that one must end well on it.
import fs from 'node:fs';
import http2 from 'node:http2';
import tls from 'node:tls';

const [host, ca, prefix] = process.argv.slice(2);
const [servername, port] = host.split(':');
const seen = { ok: 0, failed: [], sessions: 0, refused: 0 };
let over = false;
let session;

function living() {
  if (session && !session.closed && !session.destroyed && !session.toldToGo) return session;
  // Node's resolver may not know that .localhost is this machine.
  const createConnection = () => tls.connect({ host: '127.0.0.1', port, servername, ca: fs.readFileSync(ca), ALPNProtocols: ['h2'] });
  const one = http2.connect(`https://${host}`, { createConnection });
  one.on('goaway', () => { one.toldToGo = true; });
  one.on('error', () => {});
  seen.sessions += 1;
  return (session = one);
}

function ask(path, upload) {
  return new Promise((resolve) => {
    const stream = living().request({ ':path': path, ':method': upload ? 'POST' : 'GET' });
    let status = 0;
    let words = '';
    stream.on('response', (head) => { status = head[':status']; });
    stream.on('data', (data) => { words += data; });
    stream.on('error', (error) => resolve(`${error.code}: ${error.message}`));
    stream.on('close', () => resolve(status === 200 && words.startsWith('witness') ? '' : `${status} ${words}`));
    stream.end(upload);
  });
}

async function work(worker) {
  for (let number = 1; !over; number += 1) {
    const upload = number % 3 === 0 ? 'x'.repeat(1000) : undefined;
    const path = `/n/${prefix}-${worker}-${number}/${upload ? 'digest' : 'slow/30'}`;
    let wrong = await ask(path, upload);
    // RFC 9113 section 8.7: the server has not looked at it, whatever it was. Clients with a pool send it again.
    while (wrong.includes('NGHTTP2_REFUSED_STREAM')) {
      seen.refused += 1;
      wrong = await ask(path, upload);
    }
    if (wrong) seen.failed.push(`${path}: ${wrong}`);
    else seen.ok += 1;
  }
}

process.stdin.on('end', () => { over = true; }).resume();
await Promise.all([0, 1, 2].map(work));
session.close();
console.log(JSON.stringify(seen));
