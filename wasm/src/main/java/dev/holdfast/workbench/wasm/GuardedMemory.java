package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.DataSegment;
import com.dylibso.chicory.wasm.types.MemoryLimits;

/** A linear memory that remembers when it was asked for more than it may have. */
@SuppressWarnings("removal")
final class GuardedMemory implements Memory {
  private final ByteArrayMemory memory;
  private volatile boolean refused;

  GuardedMemory(MemoryLimits limits) {
    this.memory = new ByteArrayMemory(limits);
  }

  /** Whether growing was ever refused. */
  boolean refused() {
    return refused;
  }

  @Override
  public int grow(int size) {
    int before = memory.grow(size);
    refused |= before < 0;
    return before;
  }

  @Override
  public int pages() {
    return memory.pages();
  }

  @Override
  public int initialPages() {
    return memory.initialPages();
  }

  @Override
  public int maximumPages() {
    return memory.maximumPages();
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public Object lock(int address) {
    return memory.lock(address);
  }

  @Override
  public int waitOn(int address, int expected, long timeout) {
    return memory.waitOn(address, expected, timeout);
  }

  @Override
  public int waitOn(int address, long expected, long timeout) {
    return memory.waitOn(address, expected, timeout);
  }

  @Override
  public int notify(int address, int maxThreads) {
    return memory.notify(address, maxThreads);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] segments) {
    memory.initialize(instance, segments);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] segments, int index) {
    memory.initialize(instance, segments, index);
  }

  @Override
  public void initPassiveSegment(int segment, int to, int offset, int size) {
    memory.initPassiveSegment(segment, to, offset, size);
  }

  @Override
  public void write(int address, byte[] data, int offset, int size) {
    memory.write(address, data, offset, size);
  }

  @Override
  public byte read(int address) {
    return memory.read(address);
  }

  @Override
  public byte[] readBytes(int address, int size) {
    return memory.readBytes(address, size);
  }

  @Override
  public void writeI32(int address, int data) {
    memory.writeI32(address, data);
  }

  @Override
  public int readInt(int address) {
    return memory.readInt(address);
  }

  @Override
  public void writeLong(int address, long data) {
    memory.writeLong(address, data);
  }

  @Override
  public long readLong(int address) {
    return memory.readLong(address);
  }

  @Override
  public void writeShort(int address, short data) {
    memory.writeShort(address, data);
  }

  @Override
  public short readShort(int address) {
    return memory.readShort(address);
  }

  @Override
  public long readU16(int address) {
    return memory.readU16(address);
  }

  @Override
  public void writeByte(int address, byte data) {
    memory.writeByte(address, data);
  }

  @Override
  public void writeF32(int address, float data) {
    memory.writeF32(address, data);
  }

  @Override
  public long readF32(int address) {
    return memory.readF32(address);
  }

  @Override
  public float readFloat(int address) {
    return memory.readFloat(address);
  }

  @Override
  public void writeF64(int address, double data) {
    memory.writeF64(address, data);
  }

  @Override
  public double readDouble(int address) {
    return memory.readDouble(address);
  }

  @Override
  public long readF64(int address) {
    return memory.readF64(address);
  }

  @Override
  public void zero() {
    memory.zero();
  }

  @Override
  public void fill(byte value, int from, int to) {
    memory.fill(value, from, to);
  }

  @Override
  public void copy(int to, int from, int size) {
    memory.copy(to, from, size);
  }

  @Override
  public void drop(int segment) {
    memory.drop(segment);
  }
}
