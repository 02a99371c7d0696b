/* tiny-os: counts seconds, echoes what is typed on the serial port, switches off on the power button. */
#include "tiny.h"

/* Timer interrupts since the start. */
volatile unsigned ticks;
/* Seconds that were counted. Change it in the debugger and watch the output. */
unsigned seconds;

static void putc(char c) {
  if (c == '\n') serial_put('\r');
  serial_put(c);
  screen_put(c);
}

static void print(const char *text) {
  while (*text) putc(*text++);
}

static void print_number(unsigned number) {
  if (number >= 10) print_number(number / 10);
  putc((char)('0' + number % 10));
}

void on_timer(void) {
  ticks++;
  interrupt_done();
}

/* Nothing to do but wake up: the loop below reads what was typed. */
void on_serial(void) { interrupt_done(); }

static void banner(void) {
  print("tiny-os is up\n");
  print("Type on the serial console and it comes back.\n\n");
}

static void count(void) {
  seconds++;
  print("tick ");
  print_number(seconds);
  putc('\n');
}

static void echo(char c) {
  if (c == 0x7f) c = '\b';
  putc(c == '\r' ? '\n' : c);
}

static void shut_down(void) {
  print("tiny-os goes down\n");
  power_off();
}

/* Sleeps until the next interrupt: an idle guest costs the host nothing. */
static void wait(void) { __asm__ volatile("sti; hlt; cli" : : : "cc", "memory"); }

static _Noreturn void loop(void) {
  unsigned next = TICKS_PER_SECOND;
  for (;;) {
    wait();
    for (int c = serial_get(); c != -1; c = serial_get()) echo((char)c);
    if (ticks >= next) {
      next += TICKS_PER_SECOND;
      count();
    }
    if (power_button_pressed()) shut_down();
  }
}

_Noreturn void main(void) {
  screen_clear();
  serial_init();
  power_init();
  interrupts_init();
  banner();
  loop();
}
