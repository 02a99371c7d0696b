import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { cloudInitErrors } from '../../../../../src/engines/environment/access/cloud-init-status.ts';

suite('What went wrong in a guest’s cloud-init', () => {
  test('is what an old one tells as its detail', () => {
    const said = `............
status: error
boot_status_code: enabled-by-generator
last_update: Mon, 23 Nov 2026 16:22:19 +0000
detail:
('locale', ProcessExecutionError("Unexpected error.\\nExit code: 255"))
`;
    assert.equal(
      cloudInitErrors(said),
      `('locale', ProcessExecutionError("Unexpected error. Exit code: 255"))`,
    );
  });

  test('is what a newer one lists as its errors', () => {
    const said = `
status: error
extended_status: error - done
detail: DataSourceNoCloud [seed=/dev/sr0]
errors:
\t- ('scripts_user', RuntimeError('Runparts: 1 failures'))
recoverable_errors: {}
`;
    assert.equal(cloudInitErrors(said), `('scripts_user', RuntimeError('Runparts: 1 failures'))`);
  });

  test('is its last line where neither is told', () => {
    assert.equal(cloudInitErrors('....\nstatus: error\n'), 'status: error');
  });

  test('is cut where a guest says too much', () => {
    assert.equal(cloudInitErrors(`errors:\n${'x'.repeat(9999)}`).length, 401);
  });
});
