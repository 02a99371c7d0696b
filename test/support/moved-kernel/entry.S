/* Enters long mode and goes on where the kernel is mapped: MOVED_BY bytes above where it was linked, as KASLR does. */
#define BASE 0xffffffff80000000
#define PRESENT_WRITABLE 3
#define LARGE 0x83

/* QEMU begins here, in 32-bit protected mode (PVH). */
	.section .note.pvh, "a", @note
	.long 4, 4, 18
	.asciz "Xen"
	.long start - BASE

	.section .text.start, "ax"
	.code32
	.globl start
start:
	movl $(pml4 - BASE), %eax
	movl %eax, %cr3
	movl $0x20, %eax		/* PAE */
	movl %eax, %cr4
	movl $0xc0000080, %ecx		/* EFER.LME */
	rdmsr
	orl $0x100, %eax
	wrmsr
	movl $0x80000011, %eax		/* PG, ET, PE */
	movl %eax, %cr0
	lgdt gdt_pointer - BASE
	ljmp $8, $(long_mode - BASE)

	.code64
long_mode:
	movabs $(upper_half + MOVED_BY), %rax
	jmp *%rax
upper_half:
	lea stack_top(%rip), %rsp
	lea __per_cpu_load(%rip), %rax	/* GS base: the per-CPU data, which is linked at 0 */
	mov %rax, %rdx
	shr $32, %rdx
	mov $0xc0000101, %ecx
	wrmsr
	lea asm_exc_divide_error(%rip), %rax
	lea idt(%rip), %rdi
	mov %ax, (%rdi)
	movw $8, 2(%rdi)
	movw $0x8e00, 4(%rdi)
	shr $16, %rax
	mov %ax, 6(%rdi)
	shr $16, %rax
	mov %eax, 8(%rdi)
	mov %rdi, idt_pointer+2(%rip)
	lidt idt_pointer(%rip)
	xor %ebp, %ebp
	call start_kernel

	.globl asm_exc_divide_error
asm_exc_divide_error:
	hlt
	jmp asm_exc_divide_error

	.data
	.balign 4096
pml4:	.quad low - BASE + PRESENT_WRITABLE
	.fill 510, 8, 0
	.quad high - BASE + PRESENT_WRITABLE
low:	.quad low_pages - BASE + PRESENT_WRITABLE
	.fill 511, 8, 0
high:	.fill 510, 8, 0
	.quad high_pages - BASE + PRESENT_WRITABLE
	.quad 0
low_pages:
	.set page, 0
	.rept 16
	.quad page + LARGE
	.set page, page + 0x200000
	.endr
	.fill 496, 8, 0
high_pages:
	.fill (0x1000000 + MOVED_BY) >> 21, 8, 0
	.quad 0x1000000 + LARGE
	.fill 511 - ((0x1000000 + MOVED_BY) >> 21), 8, 0
gdt:	.quad 0, 0x00af9b000000ffff
gdt_pointer:
	.word 15
	.long gdt - BASE
	.balign 16
idt:	.fill 32, 8, 0
idt_pointer:
	.word 255
	.quad 0
	.balign 16
	.fill 4096, 1, 0
stack_top:
