/* What a debugger meets in a real kernel: per-CPU data that is counted from 0, and a function that runs all the time. */
#define PER_CPU __attribute__((section(".data..percpu")))

struct task {
  struct task *next;
  int *broken;
  char comm[16];
  union {
    unsigned long count;
    unsigned char bytes[8];
  };
};

PER_CPU unsigned long fixed_percpu_data = 0;
PER_CPU struct task *current_task = 0;

struct task idle = {.comm = "swapper/0"};
unsigned long rounds;

static void set_current(struct task *task) {
  __asm__ volatile("movq %0, %%gs:current_task" : : "r"(task) : "memory");
}

static void work(struct task *task, void *nothing) {
  task->count++;
  if (nothing) task->next = nothing;
}

static void rest(void) { rounds++; }

void start_kernel(void) {
  idle.next = &idle;
  idle.broken = (int *)0x100000000000;
  set_current(&idle);
  for (;;) {
    work(&idle, 0);
    rest();
  }
}
