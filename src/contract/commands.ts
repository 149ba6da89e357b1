import type { z } from 'zod';
import type { DomainCommand, DomainCommandKind } from '../domain/commands.ts';
import { id } from './command-words.ts';
import { domainBodies } from './domain-bodies.ts';
import { pathText } from './path-text.ts';
import { procedureBodies } from './procedure-bodies.ts';

/**
 * Every command and its answer. The bodies are checked at run time by domain-bodies.ts and procedure-bodies.ts. Unknown
 * keys are refused by name, so that a typo in a script is heard.
 */
export type ProcedureKind = keyof typeof procedureBodies;
export type ProcedureBody<K extends ProcedureKind> = z.infer<(typeof procedureBodies)[K]>;
export type CommandKind = DomainCommandKind | ProcedureKind;
export type ProcedureCommand = { [K in ProcedureKind]: { id: string; kind: K } & ProcedureBody<K> }[ProcedureKind];
export type Command = DomainCommand | ProcedureCommand;

const schemas: Record<string, z.ZodType> = { ...domainBodies, ...procedureBodies };
export const COMMAND_KINDS = Object.keys(schemas) as CommandKind[];

export function isDomainKind(kind: CommandKind): kind is DomainCommandKind {
  return Object.hasOwn(domainBodies, kind);
}
export function isDomainCommand(command: Command): command is DomainCommand {
  return isDomainKind(command.kind);
}

/** A request that is no command at all: answered 400 with the field's name. */
export interface Malformed {
  error: 'malformed';
  field: string;
  message: string;
}

/**
 * Reads one command from a wire.
 *
 * @param raw    parsed JSON
 * @param makeId used for the reserved id "auto" (control surfaces cannot send a new id at each press)
 */
export function readCommand(raw: unknown, makeId: () => string): { command: Command } | { malformed: Malformed } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return bad('', 'the body must be a JSON object');
  const { id: rawId, kind, ...body } = raw as Record<string, unknown>;
  if (typeof kind !== 'string') return bad('kind', 'kind is missing');
  const schema = Object.hasOwn(schemas, kind) ? schemas[kind] : undefined;
  if (!schema) return bad('kind', `"${kind.slice(0, 64)}" is no command`);
  const commandId = id.safeParse(rawId);
  if (!commandId.success) return bad('id', 'id must be 1 to 64 characters');
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])];
    return bad(
      pathText(path),
      unknownKey === undefined ? (issue?.message ?? 'does not fit') : 'is not part of this command',
    );
  }
  return {
    command: { ...(parsed.data as object), id: commandId.data === 'auto' ? makeId() : commandId.data, kind } as Command,
  };
}

function bad(field: string, message: string): { malformed: Malformed } {
  return { malformed: { error: 'malformed', field, message } };
}

/** The answer to every command, on every wire. */
export type Reply =
  | ({ ok: true; seq: number; repeated?: true } & Record<string, unknown>)
  | {
      ok: false;
      refusal: { code: string; message: string; field?: string; [detail: string]: unknown };
      repeated?: true;
    };
