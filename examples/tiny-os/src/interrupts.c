/* Which function runs on which interrupt: the timer (IRQ 0) and the serial port (IRQ 4). */
#include "port.h"
#include "tiny.h"

enum { PIC1 = 0x20, PIC2 = 0xa0, FIRST_VECTOR = 0x20, TIMER = 0, SERIAL = 4, PIT_HZ = 1193182 };

struct gate {
  uint16_t offset_low, selector;
  uint8_t zero, type;
  uint16_t offset_high;
} __attribute__((packed));

static struct gate gates[FIRST_VECTOR + 16];

void timer_entry(void);
void serial_entry(void);

static void set_gate(unsigned irq, void (*entry)(void)) {
  uint32_t address = (uint32_t)entry;
  gates[FIRST_VECTOR + irq] = (struct gate){
      .offset_low = (uint16_t)address, .selector = 0x08, .type = 0x8e, .offset_high = (uint16_t)(address >> 16)};
}

/* Moves the interrupts away from the processor's own exceptions and lets only ours through. */
static void program_controllers(void) {
  out8(PIC1, 0x11);
  out8(PIC2, 0x11);
  out8(PIC1 + 1, FIRST_VECTOR);
  out8(PIC2 + 1, FIRST_VECTOR + 8);
  out8(PIC1 + 1, 4);
  out8(PIC2 + 1, 2);
  out8(PIC1 + 1, 1);
  out8(PIC2 + 1, 1);
  out8(PIC1 + 1, (uint8_t) ~(1 << TIMER | 1 << SERIAL));
  out8(PIC2 + 1, 0xff);
}

static void program_timer(void) {
  uint16_t divisor = PIT_HZ / TICKS_PER_SECOND;
  out8(0x43, 0x34);
  out8(0x40, (uint8_t)divisor);
  out8(0x40, (uint8_t)(divisor >> 8));
}

void interrupts_init(void) {
  struct {
    uint16_t limit;
    void *base;
  } __attribute__((packed)) table = {sizeof gates - 1, gates};
  set_gate(TIMER, timer_entry);
  set_gate(SERIAL, serial_entry);
  program_controllers();
  program_timer();
  __asm__ volatile("lidt %0" : : "m"(table));
}

void interrupt_done(void) { out8(PIC1, 0x20); }
