/** Where in a message something lies, for a person: `["lines", 0, "sku"]` → `lines[0].sku` */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (all, step) => (typeof step === 'number' ? `${all}[${step}]` : all ? `${all}.${String(step)}` : String(step)),
    '',
  );
}
