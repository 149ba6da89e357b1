/**
 * Typed catalogues. A message is a text with `{slots}`, or `{ one, other }` chosen by the number in slot `n`. A missing
 * key or a missing slot does not compile; a slot nobody asked for is ignored.
 */
export type Message = string | { one: string; other: string };
export type Catalogue = Record<string, Message>;

type SlotsOf<Text> = Text extends `${string}{${infer Slot}}${infer Rest}` ? Slot | SlotsOf<Rest> : never;
type TextOf<M> = M extends string ? M : M extends { other: infer Other } ? Other : never;
type Slots<M> = { [S in SlotsOf<TextOf<M>>]: string | number };
type Args<M> = [SlotsOf<TextOf<M>>] extends [never] ? [] : [slots: Slots<M>];

export type Translate<C extends Catalogue> = <K extends keyof C & string>(key: K, ...slots: Args<C[K]>) => string;

export function translator<const C extends Catalogue>(catalogue: C, language: string): Translate<C> {
  const plurals = new Intl.PluralRules(language);
  return (key, ...args) => {
    const slots = (args[0] ?? {}) as Record<string, string | number>;
    return fill(choose(catalogue[key] as Message, Number(slots['n']), plurals), slots);
  };
}

function choose(message: Message, n: number, plurals: Intl.PluralRules): string {
  if (typeof message === 'string') return message;
  return plurals.select(n) === 'one' ? message.one : message.other;
}

function fill(text: string, slots: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, slot: string) =>
    Object.hasOwn(slots, slot) ? String(slots[slot]) : whole,
  );
}
