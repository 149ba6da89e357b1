import type { DeviceRole } from '../../../domain/words.ts';
import { Press } from '../../lib/press.svelte.ts';
import type { Desk } from '../desk.svelte.ts';

export interface Guest {
  key: string;
  role: DeviceRole;
  name: string;
  person?: string;
  till?: string;
}

/** One invitation on screen at a time: shown, counted down, and gone when its device has come. */
export class Invite {
  readonly press: Press;
  guest = $state.raw<Guest | null>(null);
  url = $state('');
  expiresAt = $state(0);
  #desk: Desk;
  #known: string[] = [];

  constructor(desk: Desk) {
    this.#desk = desk;
    this.press = new Press(desk.hub);
  }

  async show(guest: Guest): Promise<void> {
    this.hide();
    this.guest = guest;
    this.#known = this.#desk.state.devices.map((device) => device.id);
    const reply = await this.press.send('invite-device', {
      role: guest.role,
      ...(guest.person === undefined ? {} : { person: guest.person }),
      ...(guest.till === undefined ? {} : { till: guest.till }),
    });
    if (!reply?.ok || this.guest !== guest) return;
    this.url = String(reply['url'] ?? '');
    this.expiresAt = Date.parse(String(reply['expiresAt'] ?? ''));
  }

  /** The device that came since the code was shown, if any. */
  get joined(): string | null {
    if (this.url === '') return null;
    return (
      this.#desk.state.devices.find((device) => !this.#known.includes(device.id) && device.role === this.guest?.role)
        ?.name ?? null
    );
  }

  get leftMs(): number {
    return Math.max(0, this.expiresAt - this.#desk.hub.now);
  }

  hide(): void {
    this.guest = null;
    this.url = '';
    this.press.forget();
  }
}
