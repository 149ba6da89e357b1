import { FaultDealer, calmShow, realJudge } from '../properties/stream-rounds.ts';
import { type FalseAlarm, type Finding, falseAlarmsOf, findingsOf, playShow } from '../properties/stream-score.ts';

/**
 * A part of stream-hours.test.ts in a process of its own: `calm|faults FIRST COUNT SIZE`. SIZE is hours of a calm
 * show, or faults in a show. Prints one line of JSON.
 */
export interface Part {
  hours: number;
  findings: Finding[];
  alarms: FalseAlarm[];
}

const [kind, ...numbers] = process.argv.slice(2);
const [first = 0, count = 0, size = 0] = numbers.map(Number);
const part: Part = { hours: 0, findings: [], alarms: [] };
const dealer = new FaultDealer();
for (let seed = first; seed < first + count; seed += 1) {
  const script = kind === 'calm' ? calmShow(seed, size * 3_600_000) : dealer.show(seed, size);
  const played = playShow(script, realJudge());
  part.hours += played.endMs / 3_600_000;
  part.findings.push(...findingsOf(played));
  part.alarms.push(...falseAlarmsOf(played));
}
console.log(JSON.stringify(part));
