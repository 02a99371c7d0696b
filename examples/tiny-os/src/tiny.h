/* What the parts of tiny-os offer each other. */
#pragma once

enum { TICKS_PER_SECOND = 100 };

void serial_init(void);
void serial_put(char c);
int serial_get(void);

void screen_clear(void);
void screen_put(char c);

void interrupts_init(void);
void interrupt_done(void);

void power_init(void);
int power_button_pressed(void);
void power_off(void);
