import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { addVncDisplay } from '../../../model/operations/domain/add-vnc.ts';
import type { Listen } from '../../../model/operations/domain/vnc-xml.ts';
import { quoted } from '../../ui/names.ts';
import type { Presenter } from '../../ui/presenter.ts';
import type { SpiceWay } from './graphics.ts';

/** What can be done about a domain without a VNC display that can be reached. */
export class Remedies {
  readonly #target: DomainTarget;
  readonly #presenter: Presenter;

  constructor(target: DomainTarget, presenter: Presenter) {
    this.#target = target;
    this.#presenter = presenter;
  }

  /** Whether it was added; the person has been told why not. */
  async addVnc(listen: Listen): Promise<boolean> {
    try {
      await addVncDisplay(this.#target, { listen });
      return true;
    } catch (error) {
      await this.#presenter.failure(t('Could not give {0} a display.', this.#name), error);
      return false;
    }
  }

  async openViewer(way: SpiceWay): Promise<void> {
    try {
      const { openRemoteViewer } = await import('./remote-viewer.ts');
      await openRemoteViewer(this.#target, way);
    } catch (error) {
      await this.#presenter.failure(t('Could not open {0} in remote-viewer.', this.#name), error);
    }
  }

  get #name(): string {
    return quoted(this.#target.name);
  }
}
