import type { Actor } from '../../domain/actor.ts';
import { DESK } from '../../domain/actor.ts';
import type { SaleChannel } from '../../domain/words.ts';
import type { Stop } from '../doors.ts';
import { ANA, BEN, DemoCast, TILL_1, TILL_2 } from './cast.ts';
import type { DemoDoors } from './cast.ts';
import { pick, seededRandom } from './random.ts';

export type { DemoDoors } from './cast.ts';

/**
 * Plays resources/demo.dropdesk as a lively show in real time (UI-48): the same script, the same seed, every time. It
 * only asks what people, tills and shops could ask, through their own doors, and makes no request to the outside.
 */
const SEED = 20261128;
const SELLING_ENDS = 535;

/** Seconds after the start → what happens. */
type Script = [seconds: number, act: () => unknown][];

/** @returns stops the show where it stands; sales and cues made until then stay */
export function startDemo(doors: DemoDoors): Stop {
  const cast = new DemoCast(doors);
  const timers = [...script(cast), ...sales(cast)].map(([seconds, act]) =>
    setTimeout(() => cast.run(act), seconds * 1000),
  );
  const answering = setInterval(() => {
    cast.followShow();
    void cast.run(() => cast.answerDispatches());
  }, 1000);
  const beating = setInterval(() => cast.beHere(), 3000);
  return () => {
    for (const timer of timers) clearTimeout(timer);
    clearInterval(answering);
    clearInterval(beating);
    cast.leave();
  };
}

/** UI-48's script, apart from the everyday sales. */
function script(cast: DemoCast): Script {
  const goes = [2, 40, 100, 160, 210, 255, 295, 355, 390, 450, 510].map((seconds): Script[number] => [
    seconds,
    () => cast.ask(DESK, 'start-cue'),
  ]);
  return [
    [0, () => cast.joinDevices()],
    [0.2, () => cast.goLive()],
    // Everybody is here by now. On air only what touches nothing is looked at.
    [8, () => cast.ask(DESK, 'run-preflight')],
    ...goes,
    [65, () => cast.ask(DESK, 'mark-moment', { note: 'The crowd went quiet for the glaze', sku: 'MUG-BLUE' })],
    [75, () => cast.deliverSale('web-1', [{ sku: 'TOTE', quantity: 2, unitPriceMinor: 1200 }], 'ANA10')],
    [120, () => cast.obs.set({ droppedPct: 4, congestion: 0.45, bitrateKbps: 4300 })],
    [140, () => cast.obs.set({ droppedPct: 0, congestion: 0, bitrateKbps: 6000 })],
    [190, () => cast.deliverSale('web-2', [{ sku: 'SET-EVENING', quantity: 1, unitPriceMinor: 4400 }], 'BEN10')],
    [230, () => cast.sell(DESK, 'stream', 'KETTLE-COPPER', 1, { offer: 'kettle-first', pickup: 'later' })],
    [245, () => cast.sell(DESK, 'social', 'KETTLE-COPPER', 1, { offer: 'kettle-first', pickup: 'later' })],
    [252, () => cast.ask(ANA, 'mark-moment', { note: 'Last mug gone' })],
    [260, () => cast.sell(TILL_2, 'in-person', 'MUG-BLUE', 1)],
    [300, () => cast.ask(BEN, 'request-help', { what: 'stock', note: 'More paper bags at the front' })],
    [312, () => cast.answerRequest('coming')],
    [335, () => cast.answerRequest('done')],
    [
      350,
      () =>
        cast.deliverSale(
          'web-3',
          [
            { sku: 'CANDLE-FIG', quantity: 1, unitPriceMinor: 1650 },
            { sku: 'SOAP-SALT', quantity: 3, unitPriceMinor: 650, discountMinor: 100 },
          ],
          null,
        ),
    ],
    [365, () => cast.ask(DESK, 'import-file', { what: 'sales', name: 'live-shop.csv', text: cast.csvOfSales() })],
    [390, () => cast.streamDown()],
    [405, () => cast.streamBack()],
    [420, () => cast.refundOne()],
    [470, () => cast.ask(BEN, 'mark-moment', { note: 'Ribbon tied on camera' })],
    [540, () => cast.end()],
  ];
}

/** Everyday sales on three channels, and the mugs, whose end is part of the script: 5 left at 3:30, none at 4:10. */
function sales(cast: DemoCast): Script {
  const mugs: [number, number][] = [
    [44, 1],
    [70, 1],
    [98, 1],
    [125, 1],
    [150, 1],
    [166, 1],
    [178, 2],
    [184, 2],
    [189, 2],
    [194, 2],
    [199, 2],
    [203, 1],
    [207, 2],
    [222, 1],
    [232, 1],
    [241, 2],
    [250, 1],
  ];
  const prints = [302, 316, 331, 345];
  const random = seededRandom(SEED);
  const everyday: Script = [];
  for (let at = 3; at < SELLING_ENDS; at += 3 + random() * 4) {
    const seller = pick(random, SELLERS);
    const item = pick(random, EVERYDAY);
    const quantity = random() < 0.8 ? 1 : 2;
    const code =
      seller.channel === 'stream' && random() < 0.5
        ? pick(random, [
            ['ANA10', 2],
            ['BEN10', 1],
          ])
        : undefined;
    const tender = random() < 0.35 && seller.channel === 'in-person' ? 'cash' : 'card';
    everyday.push([
      at,
      () =>
        cast.sell(seller.actor, seller.channel, item, quantity, {
          tender,
          ...(code !== undefined && { creatorCode: code }),
        }),
    ]);
  }
  return [
    ...everyday,
    ...mugs.map(([at, quantity], i): Script[number] => [
      at,
      () =>
        cast.sell(
          i % 3 === 0 ? TILL_1 : DESK,
          i % 3 === 0 ? 'in-person' : 'stream',
          'MUG-BLUE',
          quantity,
          at < 275 ? { offer: 'drop-mug' } : {},
        ),
    ]),
    ...prints.map((at, i): Script[number] => [
      at,
      () =>
        cast.sell(i % 2 === 0 ? TILL_2 : DESK, i % 2 === 0 ? 'in-person' : 'stream', 'PRINT-HARBOUR', 1, {
          offer: 'print-12',
        }),
    ]),
  ];
}

const SELLERS: [{ actor: Actor; channel: SaleChannel }, number][] = [
  [{ actor: TILL_1, channel: 'in-person' }, 4],
  [{ actor: TILL_2, channel: 'in-person' }, 3],
  [{ actor: DESK, channel: 'stream' }, 4],
  [{ actor: DESK, channel: 'social' }, 2],
];
const EVERYDAY: [string, number][] = [
  ['TOTE', 5],
  ['SOAP-SALT', 6],
  ['TEA-LIME', 4],
  ['CANDLE-FIG', 3],
  ['APRON', 3],
  ['SET-EVENING', 1],
];
