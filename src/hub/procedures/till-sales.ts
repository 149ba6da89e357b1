import { readTillSales } from '../../contract/till-sales-file.ts';
import { mayAsk } from '../../contract/roles.ts';
import type { CommandKind } from '../../contract/commands.ts';
import type { Actor } from '../../domain/actor.ts';
import { catalogueOf } from '../../domain/catalogue.ts';
import { linesLeft } from '../../domain/pickups.ts';
import { accept, refuse } from '../../domain/refusal.ts';
import { dueLeft } from '../../domain/sale-record.ts';
import type { ShowState } from '../../domain/show.ts';
import type { Procedure } from './hall.ts';

/**
 * Sales that a till could not send and a person has carried to the desk (TIL-4). Each is asked for as if the till had
 * sent it, under its own id, so whichever comes second, this list or the till, changes nothing. What is refused here
 * is refused there too and waits at the till for a person.
 *
 * Reply: `added`, `repeated`, and `refused` (`id`, `receipt`, `code`, `message`).
 */
export const importTillSales: Procedure<'import-till-sales'> = async (command, _actor, hall) => {
  const read = readTillSales(command.text);
  if ('problem' in read) return refuse('bad-value', read.problem, { field: 'text' });
  const { sales } = read;
  const show = hall.book()?.show;
  if (!show || show.id !== sales.show) {
    return refuse('another-show', 'These sales were made for another show. Put that one on the desk first.', {
      field: 'text',
      show: sales.show,
    });
  }
  const actor = tillActor(show, sales.device);
  if (!actor) return refuse('unknown-device', 'These sales come from a device that is no till of this show.');
  const refused: { id: string; receipt: string | null; code: string; message: string }[] = [];
  let [added, repeated] = [0, 0];
  for (const { id, kind, body } of sales.commands) {
    const reply = mayAsk('till', kind as CommandKind) ? await hall.perform(actor, { ...body, id, kind }) : null;
    const receipt = typeof body['receipt'] === 'string' ? body['receipt'] : null;
    if (!reply || 'error' in reply)
      refused.push({ id, receipt, code: 'malformed', message: reply ? `${reply.field}: ${reply.message}` : kind });
    else if (!reply.ok) refused.push({ id, receipt, code: reply.refusal.code, message: reply.refusal.message });
    else if (reply.repeated) repeated += 1;
    else added += 1;
  }
  return accept([], { added, repeated, refused });
};

/**
 * What waits under a pickup code, before it is handed over: whoever stands at the till must see what it is and what is
 * still to be paid. No buyer is named. Reply: `saleId`, `receipt`, `lines` and `dueMinor`.
 */
export const readPickup: Procedure<'read-pickup'> = (command, _actor, hall) => {
  const show = hall.book()?.show;
  const code = command.code.toUpperCase().replace(/[^0-9A-Z]/g, '');
  const saleId = show?.pickups.byCode.get(code);
  const sale = show?.sales.byId.get(saleId ?? '');
  if (!show?.plan || !sale || sale.voided)
    return refuse('code-unknown', `No pickup has the code ${code}.`, { field: 'code' });
  const left = linesLeft(sale);
  const names = catalogueOf(show.plan);
  const lines = sale.lines.map(({ line, sku, name, quantity }, i) => ({
    line,
    name: (sku === null ? null : names.get(sku)?.name) ?? name ?? '',
    quantity: quantity - (sale.refundedUnits[i] ?? 0),
    waits: left.includes(line),
  }));
  return accept([], { saleId: sale.saleId, receipt: sale.receipt, lines, dueMinor: dueLeft(sale) });
};

/** As the floor's line names a till that is connected: the ids of its commands are told apart by this key. */
function tillActor(show: ShowState, id: string): Actor | null {
  const device = show.devices.byId.get(id);
  if (device?.role !== 'till') return null;
  const { person, till } = device;
  return { key: `device:${id}`, role: 'till', by: person ?? till ?? id, device: id, person, till };
}
