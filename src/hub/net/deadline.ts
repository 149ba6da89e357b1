/**
 * Waits for work that cannot be aborted (the system's resolver): past the deadline its answer is no longer waited for.
 *
 * @throws the signal's reason past the deadline, else what the work throws
 */
export async function beforeDeadline<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const give = (): void => reject(deadline.reason instanceof Error ? deadline.reason : new Error('too late'));
    if (deadline.aborted) give();
    deadline.addEventListener('abort', give, { once: true });
    work.then(resolve, reject).finally(() => deadline.removeEventListener('abort', give));
  });
}
