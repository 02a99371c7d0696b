import type { DomainAction } from '../../../model/inventory/domain-actions.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { compareLive } from '../document/compare-live.ts';
import { compareSnapshot } from '../document/compare-snapshot.ts';
import { editXml } from '../document/edit-xml.ts';
import { showLiveXml } from '../document/show-live-xml.ts';
import { copyNames, copyUuids, copyXml } from './copy.ts';
import { copyLaunchJson, debugDomain } from './debug.ts';
import { disableAutostart } from './disable-autostart.ts';
import { discardManagedSaves } from './discard-managed-save.ts';
import { dumpMemory } from './dump-memory.ts';
import { enableAutostart } from './enable-autostart.ts';
import { forceOffDomains } from './force-off.ts';
import { guestAgent } from './guest-agent.ts';
import { injectNmis } from './inject-nmi.ts';
import { managedSaveDomains } from './managed-save.ts';
import { openConsoles } from './open-console.ts';
import { openMonitor } from './open-monitor.ts';
import { openDisplays } from './open-display.ts';
import { rebootDomains } from './reboot.ts';
import { renameDomain } from './rename.ts';
import { resetDomains } from './reset.ts';
import { resumeDomains } from './resume.ts';
import { shutdownDomains } from './shutdown.ts';
import { startWithConsole } from './start-with-console.ts';
import { startPaused } from './start-paused.ts';
import { startDomains } from './start.ts';
import { suspendDomains } from './suspend.ts';
import { takeScreenshots } from './take-screenshot.ts';
import { undefineDomains } from './undefine.ts';

type DomainCommand = (context: CommandContext, targets: readonly DomainTarget[]) => Promise<void>;

export interface Verb {
  readonly run: DomainCommand;
  /** For the quick pick: what will be done with the domains. */
  readonly title: string;
  /** Takes one domain only. */
  readonly single?: true;
}

/** Every verb of a domain. Its command is `kvm.domain.<action>`; the action's rule decides when it is offered. */
export const VERBS: Record<DomainAction, Verb> = {
  start: { run: startDomains, title: 'Start' },
  startWithConsole: { run: startWithConsole, title: 'Start with Console' },
  startPaused: { run: startPaused, title: 'Start Paused' },
  shutdown: { run: shutdownDomains, title: 'Shut Down' },
  reboot: { run: rebootDomains, title: 'Reboot' },
  reset: { run: resetDomains, title: 'Reset' },
  forceOff: { run: forceOffDomains, title: 'Force Off' },
  suspend: { run: suspendDomains, title: 'Suspend' },
  resume: { run: resumeDomains, title: 'Resume' },
  managedSave: { run: managedSaveDomains, title: 'Managed Save' },
  discardManagedSave: { run: discardManagedSaves, title: 'Discard Saved State' },
  enableAutostart: { run: enableAutostart, title: 'Enable Autostart' },
  disableAutostart: { run: disableAutostart, title: 'Disable Autostart' },
  rename: { run: renameDomain, title: 'Rename', single: true },
  undefine: { run: undefineDomains, title: 'Undefine' },
  openConsole: { run: openConsoles, title: 'Open Console' },
  debug: { run: debugDomain, title: 'Debug', single: true },
  copyLaunchJson: { run: copyLaunchJson, title: 'Copy as launch.json' },
  openMonitor: { run: openMonitor, title: 'Open QEMU Monitor', single: true },
  injectNmi: { run: injectNmis, title: 'Inject NMI' },
  dumpMemory: { run: dumpMemory, title: 'Dump Guest Memory', single: true },
  openDisplay: { run: openDisplays, title: 'Open Display' },
  guestAgent: { run: guestAgent, title: 'Guest Agent', single: true },
  takeScreenshot: { run: takeScreenshots, title: 'Take Screenshot' },
  editXml: { run: editXml, title: 'Edit XML' },
  showLiveXml: { run: showLiveXml, title: 'Show Live XML' },
  compareLive: { run: compareLive, title: 'Compare Live and Persistent XML', single: true },
  compareSnapshot: { run: compareSnapshot, title: 'Compare with Snapshot', single: true },
  copyName: { run: copyNames, title: 'Copy Name' },
  copyUuid: { run: copyUuids, title: 'Copy UUID' },
  copyXml: { run: copyXml, title: 'Copy XML' },
};
