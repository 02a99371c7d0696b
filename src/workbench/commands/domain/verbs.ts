import type { DomainAction } from '../../../model/inventory/kinds/domain-actions.ts';
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
  /** The palette asks it: what is to be done with which domains. */
  readonly question: string;
  /** Takes one domain only. */
  readonly single?: true;
}

/** Every verb of a domain. `domain-commands.ts` has its command; the action's rule decides when it is offered. */
export const VERBS: Record<DomainAction, Verb> = {
  start: { run: startDomains, question: 'Start Which Domains?' },
  startWithConsole: { run: startWithConsole, question: 'Start Which Domains with Their Consoles?' },
  startPaused: { run: startPaused, question: 'Start Which Domains Paused?' },
  shutdown: { run: shutdownDomains, question: 'Shut Down Which Domains?' },
  reboot: { run: rebootDomains, question: 'Reboot Which Domains?' },
  reset: { run: resetDomains, question: 'Reset Which Domains?' },
  forceOff: { run: forceOffDomains, question: 'Force Off Which Domains?' },
  suspend: { run: suspendDomains, question: 'Suspend Which Domains?' },
  resume: { run: resumeDomains, question: 'Resume Which Domains?' },
  managedSave: { run: managedSaveDomains, question: 'Save the State of Which Domains?' },
  discardManagedSave: { run: discardManagedSaves, question: 'Discard the Saved State of Which Domains?' },
  enableAutostart: { run: enableAutostart, question: 'Enable Autostart of Which Domains?' },
  disableAutostart: { run: disableAutostart, question: 'Disable Autostart of Which Domains?' },
  rename: { run: renameDomain, question: 'Rename Which Domain?', single: true },
  undefine: { run: undefineDomains, question: 'Undefine Which Domains?' },
  openConsole: { run: openConsoles, question: 'Open the Consoles of Which Domains?' },
  debug: { run: debugDomain, question: 'Debug Which Domain?', single: true },
  copyLaunchJson: { run: copyLaunchJson, question: 'Copy Which Domains as launch.json?' },
  openMonitor: { run: openMonitor, question: 'Open the QEMU Monitor of Which Domain?', single: true },
  injectNmi: { run: injectNmis, question: 'Inject an NMI into Which Domains?' },
  dumpMemory: { run: dumpMemory, question: 'Dump the Memory of Which Domain?', single: true },
  openDisplay: { run: openDisplays, question: 'Open the Displays of Which Domains?' },
  guestAgent: { run: guestAgent, question: 'Talk to the Guest Agent of Which Domain?', single: true },
  takeScreenshot: { run: takeScreenshots, question: 'Take a Screenshot of Which Domains?' },
  editXml: { run: editXml, question: 'Edit the XML of Which Domains?' },
  showLiveXml: { run: showLiveXml, question: 'Show the Live XML of Which Domains?' },
  compareLive: {
    run: compareLive,
    question: 'Compare the Live and Persistent XML of Which Domain?',
    single: true,
  },
  compareSnapshot: { run: compareSnapshot, question: 'Compare Which Domain with a Snapshot?', single: true },
  copyName: { run: copyNames, question: 'Copy the Names of Which Domains?' },
  copyUuid: { run: copyUuids, question: 'Copy the UUIDs of Which Domains?' },
  copyXml: { run: copyXml, question: 'Copy the XML of Which Domains?' },
};
