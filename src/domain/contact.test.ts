import { expect, it } from 'vitest';
import { normalContact, saysYes } from './contact.ts';

it('the same phone is the same contact however it is written, as long as its country is named', () => {
  for (const text of ['+351912345678', ' +351 912 345 678', '00351 912-345-678', '+351 (912) 345.678'])
    expect(normalContact(text)).toBe('+351912345678');
  expect(normalContact('912 345 678')).toBe('912345678');
});

it('an e-mail is folded in case and nothing else: dots and +tags are other people', () => {
  expect(normalContact(' Ana.Silva+Market@Example.ORG ')).toBe('ana.silva+market@example.org');
  expect(normalContact('anasilva@example.org')).not.toBe(normalContact('ana.silva@example.org'));
});

it('a sign-up’s code is no phone', () => {
  expect(normalContact('signup:S-1')).toBe('signup:s-1');
});

it('consent is a yes that was said: silence, no and "not now" are no', () => {
  for (const text of ['yes', 'x', '1', 'TRUE', 'I agree to get news by mail']) expect(saysYes(text), text).toBe(true);
  for (const text of [null, '', ' ', 'no', 'No, thanks', '0', 'not now', 'não', 'FALSE', '?'])
    expect(saysYes(text), String(text)).toBe(false);
});
