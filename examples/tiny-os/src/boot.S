/* The first instructions: a stack, then C. The loader leaves us in 32-bit protected mode. */

.set MAGIC, 0x1badb002
.set FLAGS, 0

.section .multiboot, "a"
.align 4
.long MAGIC, FLAGS, -(MAGIC + FLAGS)

.text
.global start
.type start, @function
start:
  cli
  movl $stack_top, %esp
  xorl %ebp, %ebp           /* where a debugger's backtrace ends */
  lgdt gdt_pointer
  ljmp $0x08, $reload_segments
reload_segments:
  movw $0x10, %ax
  movw %ax, %ds
  movw %ax, %es
  movw %ax, %fs
  movw %ax, %gs
  movw %ax, %ss
  call main
halt:
  cli
  hlt
  jmp halt
.size start, . - start

/*
 * What the processor calls; C does the work. Interrupts are only let in while wait() sleeps, where neither the
 * flags nor the code segment can have changed: a plain return that drops both does, and unlike iret every
 * nested KVM can emulate it.
 */
.global timer_entry
timer_entry:
  pushal
  cld
  call on_timer
  popal
  ret $8

.global serial_entry
serial_entry:
  pushal
  cld
  call on_serial
  popal
  ret $8

/* Two flat segments of 4 GiB: code and data. */
.section .rodata
.align 8
gdt:
  .quad 0
  .quad 0x00cf9a000000ffff
  .quad 0x00cf92000000ffff
gdt_pointer:
  .word . - gdt - 1
  .long gdt

.bss
.align 16
.skip 16384
stack_top:

.section .note.GNU-stack, "", @progbits
