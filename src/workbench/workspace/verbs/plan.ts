import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { planEnvironment, planText } from '../../../engines/environment/deploy/plan.ts';
import type { Environments } from '../environments.ts';
import { PLAN_SCHEME } from '../view/plan-texts.ts';
import { readable, type Target } from './targets.ts';

/** Shows what Up would do, as the difference between how the hosts are and how they would be. */
export async function showPlan(environments: Environments, { entry, guests }: Target): Promise<void> {
  const texts = environments.plans;
  const environment = await readable(environments, entry);
  if (environment === undefined) return;
  try {
    const plan = await planEnvironment(environment, (name) => environments.hosts.connect(name), guests);
    const [now, then] = [planText(plan, 'now'), planText(plan, 'then')];
    const name = encodeURIComponent(environment.name);
    const uri = (side: string) => vscode.Uri.parse(`${PLAN_SCHEME}:/${entry.id}/${side}/${name}.txt`);
    texts.set(uri('now'), now);
    texts.set(uri('then'), then);
    await vscode.commands.executeCommand(
      'vscode.diff',
      uri('now'),
      uri('then'),
      t('Plan for {0}: Now ↔ After Up', environment.name),
    );
  } catch (error) {
    await environments.parts.presenter.failure(t('Could not make a plan for {0}.', environment.name), error);
  }
}
