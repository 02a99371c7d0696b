import { t } from '@vscode/l10n';
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
import { openDomains } from './open.ts';
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
  readonly question: () => string;
}

/** Every verb of a domain. `domain-commands.ts` has its command; the action's rule decides when it is offered. */
export const VERBS: Record<DomainAction, Verb> = {
  start: { run: startDomains, question: () => t('Start Which Domains?') },
  startWithConsole: { run: startWithConsole, question: () => t('Start Which Domains with Their Consoles?') },
  startPaused: { run: startPaused, question: () => t('Start Which Domains Paused?') },
  shutdown: { run: shutdownDomains, question: () => t('Shut Down Which Domains?') },
  reboot: { run: rebootDomains, question: () => t('Reboot Which Domains?') },
  reset: { run: resetDomains, question: () => t('Reset Which Domains?') },
  forceOff: { run: forceOffDomains, question: () => t('Force Off Which Domains?') },
  suspend: { run: suspendDomains, question: () => t('Suspend Which Domains?') },
  resume: { run: resumeDomains, question: () => t('Resume Which Domains?') },
  managedSave: { run: managedSaveDomains, question: () => t('Save the State of Which Domains?') },
  discardManagedSave: {
    run: discardManagedSaves,
    question: () => t('Discard the Saved State of Which Domains?'),
  },
  enableAutostart: { run: enableAutostart, question: () => t('Enable Autostart of Which Domains?') },
  disableAutostart: { run: disableAutostart, question: () => t('Disable Autostart of Which Domains?') },
  rename: { run: renameDomain, question: () => t('Rename Which Domain?') },
  undefine: { run: undefineDomains, question: () => t('Undefine Which Domains?') },
  open: { run: openDomains, question: () => t('Open Which Domains?') },
  openConsole: { run: openConsoles, question: () => t('Open the Consoles of Which Domains?') },
  debug: { run: debugDomain, question: () => t('Debug Which Domain?') },
  copyLaunchJson: { run: copyLaunchJson, question: () => t('Copy Which Domains as launch.json?') },
  openMonitor: {
    run: openMonitor,
    question: () => t('Open the QEMU Monitor of Which Domain?'),
  },
  injectNmi: { run: injectNmis, question: () => t('Inject an NMI into Which Domains?') },
  dumpMemory: { run: dumpMemory, question: () => t('Dump the Memory of Which Domain?') },
  openDisplay: { run: openDisplays, question: () => t('Open the Displays of Which Domains?') },
  guestAgent: {
    run: guestAgent,
    question: () => t('Talk to the Guest Agent of Which Domain?'),
  },
  takeScreenshot: { run: takeScreenshots, question: () => t('Take a Screenshot of Which Domains?') },
  editXml: { run: editXml, question: () => t('Edit the XML of Which Domains?') },
  showLiveXml: { run: showLiveXml, question: () => t('Show the Live XML of Which Domains?') },
  compareLive: {
    run: compareLive,
    question: () => t('Compare the Live and Persistent XML of Which Domain?'),
  },
  compareSnapshot: {
    run: compareSnapshot,
    question: () => t('Compare Which Domain with a Snapshot?'),
  },
  copyName: { run: copyNames, question: () => t('Copy the Names of Which Domains?') },
  copyUuid: { run: copyUuids, question: () => t('Copy the UUIDs of Which Domains?') },
  copyXml: { run: copyXml, question: () => t('Copy the XML of Which Domains?') },
};
