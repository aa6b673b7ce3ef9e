/* Cancelled work that has not begun never runs; work that has goes on, and done comes behind it; both get
 * TRANSPORT_ECANCELED, never inside the call. transport_loop_free cancels what waits and gives work that has begun its real
 * result (X4). */
#include "recorder.h"
#include <stdatomic.h>

typedef struct job_t {
  atomic_bool begun, go, ended;
  bool done, calling;
  int status;
  transport_request_t *request;
} job_t;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void set(atomic_bool *flag) {
  pthread_mutex_lock(&lock);
  atomic_store(flag, true);
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

static void await(atomic_bool *flag) {
  pthread_mutex_lock(&lock);
  while (!atomic_load(flag)) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}

static void work(void *arg) {
  job_t *job = arg;
  set(&job->begun);
  await(&job->go);
  set(&job->ended);
}

static void done(void *arg, const transport_error_t *error) {
  job_t *job = arg;
  CHECK(!job->calling && !job->done);
  CHECK(atomic_load(&job->begun) == atomic_load(&job->ended)); /* not while it runs */
  job->done = true;
  job->status = error ? error->status : TRANSPORT_OK;
}

static void start(transport_loop_t *loop, job_t *job) {
  CHECK_OK(transport_loop_run_in_executor(loop, work, done, job, &job->request));
}

static void cancel(job_t *job) {
  job->calling = true;
  CHECK_OK(transport_request_cancel(job->request));
  CHECK_OK(transport_request_cancel(job->request));
  job->calling = false;
}

static void *let_go(void *arg) {
  set(&((job_t *)arg)->go);
  return NULL;
}

int main(void) {
  transport_loop_t *loop;
  job_t running[4] = {0}, waiting = {0}, freed[4] = {0}, unbegun = {0};
  thread_t thread;
  watchdog(20);
  loop = loop_new();
  for (int i = 0; i < 4; i++) start(loop, &running[i]); /* all threads */
  for (int i = 0; i < 4; i++) await(&running[i].begun);
  start(loop, &waiting);
  cancel(&waiting);
  run_until(loop, &waiting.done);
  CHECK_STATUS(waiting.status, TRANSPORT_ECANCELED);
  CHECK(!atomic_load(&waiting.begun));
  CHECK_STATUS(transport_request_cancel(waiting.request), TRANSPORT_EHANDLE);
  cancel(&running[0]);
  CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(10)));
  CHECK(!running[0].done);
  for (int i = 0; i < 4; i++) set(&running[i].go);
  CHECK_OK(transport_loop_run_until_idle(loop));
  for (int i = 0; i < 4; i++) CHECK_STATUS(running[i].status, i ? TRANSPORT_OK : TRANSPORT_ECANCELED);

  for (int i = 0; i < 4; i++) start(loop, &freed[i]);
  for (int i = 0; i < 4; i++) await(&freed[i].begun);
  set(&unbegun.go);
  start(loop, &unbegun);
  cancel(&freed[1]);
  for (int i = 1; i < 4; i++) set(&freed[i].go);
  thread = thread_start(let_go, &freed[0]);
  CHECK_OK(transport_loop_free(loop));
  thread_join(thread);
  for (int i = 0; i < 4; i++) CHECK(freed[i].done && atomic_load(&freed[i].ended));
  for (int i = 0; i < 4; i++) CHECK_STATUS(freed[i].status, i == 1 ? TRANSPORT_ECANCELED : TRANSPORT_OK);
  CHECK(unbegun.done); /* a thread may have been free for it in time */
  CHECK_STATUS(unbegun.status, atomic_load(&unbegun.begun) ? TRANSPORT_OK : TRANSPORT_ECANCELED);
  return 0;
}
