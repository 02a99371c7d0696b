import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, suite, test } from 'node:test';
import type { Node } from '../../../../src/workbench/explorer/nodes.ts';
import { HostNode } from '../../../../src/workbench/explorer/nodes.ts';
import { RefreshQueue } from '../../../../src/workbench/explorer/refresh-queue.ts';
import { Host } from '../../../../src/model/inventory/host.ts';

function node(name: string): Node {
  return new HostNode(new Host({ name, uri: `test:///${name}`, origin: 'configured' }));
}

const a = node('a');
const b = node('b');

function queue() {
  const refreshes: (readonly Node[] | undefined)[] = [];
  const view = { visible: true };
  const refreshQueue = new RefreshQueue(
    (nodes) => refreshes.push(nodes),
    () => view.visible,
  );
  return { refreshes, view, refreshQueue };
}

suite('The refresh queue', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  test('refreshes the first change at once', () => {
    const { refreshes, refreshQueue } = queue();
    refreshQueue.add(a);
    assert.deepEqual(refreshes, [[a]]);
  });

  test('gathers a storm, each node once', () => {
    const { refreshes, refreshQueue } = queue();
    refreshQueue.add(a);
    for (let count = 0; count < 1000; count++) refreshQueue.add(a, b);
    assert.equal(refreshes.length, 1);
    mock.timers.tick(100);
    assert.deepEqual(refreshes, [[a], [a, b]]);
    mock.timers.tick(1000);
    assert.equal(refreshes.length, 2, 'nothing changed any more');
  });

  test('refreshes a storm that does not end ten times a second', () => {
    const { refreshes, refreshQueue } = queue();
    for (let ms = 0; ms < 1000; ms++) {
      refreshQueue.add(a);
      mock.timers.tick(1);
    }
    assert.ok(refreshes.length >= 10 && refreshes.length <= 11, `${refreshes.length} times`);
  });

  test('is at once again after a quiet time', () => {
    const { refreshes, refreshQueue } = queue();
    refreshQueue.add(a);
    mock.timers.tick(101);
    refreshQueue.add(b);
    assert.deepEqual(refreshes, [[a], [b]]);
  });

  test('refreshes the whole tree when no node is named, whatever else waits', () => {
    const { refreshes, refreshQueue } = queue();
    refreshQueue.add(a);
    refreshQueue.add(b);
    refreshQueue.add();
    mock.timers.tick(100);
    assert.deepEqual(refreshes, [[a], undefined]);
    mock.timers.tick(100);
    assert.equal(refreshes.length, 2);
  });

  test('does nothing while nobody can see it, and everything at once when somebody can', () => {
    const { refreshes, view, refreshQueue } = queue();
    view.visible = false;
    refreshQueue.add(a);
    refreshQueue.add(b);
    mock.timers.tick(1000);
    assert.equal(refreshes.length, 0);
    view.visible = true;
    refreshQueue.resume();
    assert.deepEqual(refreshes, [[a, b]]);
  });

  test('keeps what changed as the view was hidden in the middle of a storm', () => {
    const { refreshes, view, refreshQueue } = queue();
    refreshQueue.add(a);
    refreshQueue.add(b);
    view.visible = false;
    mock.timers.tick(1000);
    assert.deepEqual(refreshes, [[a]]);
    view.visible = true;
    refreshQueue.resume();
    assert.deepEqual(refreshes, [[a], [b]]);
  });

  test('has nothing to do when it becomes visible and nothing changed', () => {
    const { refreshes, refreshQueue } = queue();
    refreshQueue.resume();
    assert.equal(refreshes.length, 0);
  });

  test('refreshes nothing after it was disposed of', () => {
    const { refreshes, refreshQueue } = queue();
    refreshQueue.add(a);
    refreshQueue.add(b);
    refreshQueue.dispose();
    mock.timers.tick(1000);
    assert.deepEqual(refreshes, [[a]]);
  });
});
