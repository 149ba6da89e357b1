import { z } from 'zod';
import type { Cue } from '../domain/plan.ts';

/** Stub of the plan file's schema: the cue as commands carry it. */
export const cueSchema = z.unknown() as unknown as z.ZodType<Cue>;
