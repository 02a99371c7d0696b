import { t } from '@vscode/l10n';
import { setPoolAutostart } from '../../../model/operations/pool/autostart.ts';
import { refreshPool } from '../../../model/operations/pool/refresh.ts';
import { startPool } from '../../../model/operations/pool/start.ts';
import { stopPool } from '../../../model/operations/pool/stop.ts';
import { removePools } from '../pool/remove.ts';
import { uploadToPool } from '../pool/upload.ts';
import { cloneVolumes } from '../volume/clone.ts';
import { copyVolumePaths } from '../volume/copy-path.ts';
import { createVolumeIn } from '../volume/create.ts';
import { deleteVolumes } from '../volume/delete.ts';
import { downloadVolumes } from '../volume/download.ts';
import { resizeVolumes } from '../volume/resize.ts';
import { wipeVolumes } from '../volume/wipe.ts';
import { forEachObject, type ObjectWords } from './for-each.ts';
import type { ObjectVerb, ObjectVerbs } from './actions.ts';

const START: ObjectWords = {
  doing: (name) => t('Starting pool {0}', name),
  doingMany: (count) => t('Starting {0} pools', count),
  failed: (name) => t('Could not start pool {0}.', name),
  failedMany: (failed, count) => t('Could not start {0} of {1} pools.', failed, count),
};
const STOP: ObjectWords = {
  doing: (name) => t('Stopping pool {0}', name),
  doingMany: (count) => t('Stopping {0} pools', count),
  failed: (name) => t('Could not stop pool {0}.', name),
  failedMany: (failed, count) => t('Could not stop {0} of {1} pools.', failed, count),
};
const REFRESH: ObjectWords = {
  doing: (name) => t('Refreshing pool {0}', name),
  doingMany: (count) => t('Refreshing {0} pools', count),
  failed: (name) => t('Could not refresh pool {0}.', name),
  failedMany: (failed, count) => t('Could not refresh {0} of {1} pools.', failed, count),
};
const AUTOSTART: ObjectWords = {
  doing: (name) => t('Changing autostart of pool {0}', name),
  doingMany: (count) => t('Changing autostart of {0} pools', count),
  failed: (name) => t('Could not change autostart of pool {0}.', name),
  failedMany: (failed, count) => t('Could not change autostart of {0} of {1} pools.', failed, count),
};

function autostart(enabled: boolean): ObjectVerb {
  return (context, targets) =>
    forEachObject(context, targets, AUTOSTART, (pool, options) =>
      setPoolAutostart(pool, { enabled }, options),
    );
}

/** What each command does. */
export const VERBS: ObjectVerbs = {
  'pool start': (context, targets) =>
    forEachObject(context, targets, START, (pool, options) => startPool(pool, {}, options)),
  'pool stop': (context, targets) =>
    forEachObject(context, targets, STOP, (pool, options) => stopPool(pool, {}, options)),
  'pool refresh': (context, targets) =>
    forEachObject(context, targets, REFRESH, (pool, options) => refreshPool(pool, {}, options)),
  'pool enableAutostart': autostart(true),
  'pool disableAutostart': autostart(false),
  'pool remove': removePools,
  'pool upload': uploadToPool,
  'pool createVolume': createVolumeIn,
  'volume clone': cloneVolumes,
  'volume resize': resizeVolumes,
  'volume download': downloadVolumes,
  'volume wipe': wipeVolumes,
  'volume delete': deleteVolumes,
  'volume copyPath': copyVolumePaths,
};
