/** Operators of the builder that move elements: reshaping, slicing, joining, gathering and scattering. */
import { addDims, type Dim, divideDims, equalShapes, multiplyDims, renderShape, type Shape, sizeOf } from './dims';
import { ElementwiseOperators } from './elementwiseOperators';
import type { Value } from './graph';

/** As `Slice`'s end: up to the end of the axis. */
export const toTheEnd = Number.MAX_SAFE_INTEGER;

/** The part of the builder that moves elements; each method names the shapes and axes that it refuses. */
export class ShapeOperators extends ElementwiseOperators {
  /** The run-time shape of `x` as an int64 vector. */
  Shape(x: Value): Value {
    return this.emit('Shape', [x], {}, [{ dtype: 'int64', shape: [x.shape.length] }])[0]!;
  }

  /** The same elements in another shape; one dimension may be -1 and follows from the others. */
  Reshape(x: Value, target: Shape): Value {
    const open = target.indexOf(-1);
    if (target.some((dim, axis) => typeof dim === 'number' && dim < 0 && axis !== open)) {
      throw new Error(`Reshape: ${renderShape(target)} is not a shape with at most one -1.`);
    }
    let shape = target;
    if (open >= 0) {
      const dim = divideDims(sizeOf(x.shape), sizeOf(target.filter((_, axis) => axis !== open)));
      if (dim === undefined) throw new Error(`Reshape: ${x.toString()} does not divide into ${renderShape(target)}.`);
      shape = target.map((size, axis) => (axis === open ? dim : size));
    } else if (sizeOf(x.shape) !== sizeOf(shape)) {
      throw new Error(`Reshape: ${x.toString()} has not the number of elements of ${renderShape(target)}.`);
    }
    if (equalShapes(x.shape, shape)) return x;
    if (x.producer?.op === 'Reshape') return this.Reshape(x.producer.inputs[0]!, shape);
    const symbolic = shape.filter((dim) => typeof dim === 'string');
    // One unknown size needs no computation at run time.
    const sizes =
      symbolic.length === 1
        ? this.integers(shape.map((dim) => (typeof dim === 'string' ? -1 : dim)))
        : this.sizesOf(shape);
    return this.emit('Reshape', [x, sizes], {}, [{ dtype: x.dtype, shape }])[0]!;
  }

  /** Repeats `x` along axes of size 1 until it has `shape`. */
  Expand(x: Value, shape: Shape): Value {
    const padded = [...Array<Dim>(Math.max(0, shape.length - x.shape.length)).fill(1), ...x.shape];
    if (padded.length !== shape.length || padded.some((dim, axis) => dim !== 1 && dim !== shape[axis])) {
      throw new Error(`Expand: ${x.toString()} does not expand to ${renderShape(shape)}.`);
    }
    if (equalShapes(x.shape, shape)) return x;
    return this.emit('Expand', [x, this.sizesOf(shape)], {}, [{ dtype: x.dtype, shape }])[0]!;
  }

  /** Zeros of a shape, in the element type of a float. */
  zeros(shape: Shape, dtype: 'float32' | 'float64' = 'float32'): Value {
    return this.Expand(this.scalar(0, dtype), shape);
  }

  Squeeze(x: Value, axes: readonly number[]): Value {
    const dropped = this.axes('Squeeze', x, axes);
    for (const axis of dropped) {
      if (x.shape[axis] !== 1) throw new Error(`Squeeze: axis ${axis} of ${x.toString()} is not of size 1.`);
    }
    const shape = x.shape.filter((_, axis) => !dropped.includes(axis));
    return this.emit('Squeeze', [x, this.integers(dropped)], {}, [{ dtype: x.dtype, shape }])[0]!;
  }

  /** Puts axes of size 1 so that they stand at `axes` of the result. */
  Unsqueeze(x: Value, axes: readonly number[]): Value {
    const rank = x.shape.length + axes.length;
    const places = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
    const shape = [...x.shape];
    for (const axis of places) {
      if (axis < 0 || axis >= rank) throw new Error(`Unsqueeze: no axis ${axis} in a result of rank ${rank}.`);
      shape.splice(axis, 0, 1);
    }
    if (new Set(places).size < places.length) throw new Error(`Unsqueeze: [${axes.join(', ')}] names an axis twice.`);
    return this.emit('Unsqueeze', [x, this.integers(places)], {}, [{ dtype: x.dtype, shape }])[0]!;
  }

  /** Axis `i` of the result is axis `perm[i]` of `x`. */
  Transpose(x: Value, perm: readonly number[]): Value {
    if (perm.length !== x.shape.length || [...perm].sort((a, b) => a - b).some((axis, at) => axis !== at)) {
      throw new Error(`Transpose: [${perm.join(', ')}] does not permute the axes of ${x.toString()}.`);
    }
    if (perm.every((axis, at) => axis === at)) return x;
    if (x.producer?.op === 'Transpose') {
      const before = x.producer;
      return this.Transpose(
        before.inputs[0]!,
        perm.map((axis) => before.attributes.perm[axis]!),
      );
    }
    return this.emit('Transpose', [x], { perm }, [{ dtype: x.dtype, shape: perm.map((axis) => x.shape[axis]!) }])[0]!;
  }

  Concat(parts: readonly Value[], axis: number): Value {
    const [first] = parts;
    if (first === undefined) throw new Error('Concat: expected at least one part.');
    const along = this.axis('Concat', first, axis);
    for (const part of parts) {
      const fits =
        part.dtype === first.dtype &&
        part.shape.length === first.shape.length &&
        part.shape.every((dim, at) => at === along || dim === first.shape[at]);
      if (!fits) throw new Error(`Concat: ${part.toString()} does not fit ${first.toString()} along axis ${along}.`);
    }
    if (parts.length === 1) return first;
    const shape = first.shape.map((dim, at) => (at === along ? addDims(...parts.map((part) => part.shape[at]!)) : dim));
    return this.emit('Concat', parts, { axis: along }, [{ dtype: first.dtype, shape }])[0]!;
  }

  /** Cuts `x` along an axis into pieces of the given sizes. */
  Split(x: Value, sizes: readonly Dim[], axis: number): Value[] {
    const along = this.axis('Split', x, axis);
    if (addDims(...sizes) !== x.shape[along] || sizes.some((size) => typeof size === 'number' && size < 0)) {
      throw new Error(`Split: sizes ${sizes.join(' + ')} do not add up to axis ${along} of ${x.toString()}.`);
    }
    const outputs = sizes.map((size) => ({
      dtype: x.dtype,
      shape: x.shape.map((dim, at) => (at === along ? size : dim)),
    }));
    return this.emit('Split', [x, this.sizesOf(sizes)], { axis: along }, outputs);
  }

  /** Elements `start` (inclusive) to `end` (exclusive) of an axis; negative ones count from its end. */
  Slice(x: Value, start: number, end: number, axis: number): Value {
    const along = this.axis('Slice', x, axis);
    const size = x.shape[along]!;
    const from = start < 0 ? addDims(size, start) : start;
    const until = end === toTheEnd ? size : end < 0 ? addDims(size, end) : end;
    const length = addDims(until, multiplyDims(-1, from));
    const isOutside = (place: Dim): boolean =>
      typeof place === 'number' && (place < 0 || (typeof size === 'number' && place > size));
    if (isOutside(from) || isOutside(until) || (typeof length === 'number' && length < 0)) {
      throw new Error(`Slice: ${start} to ${end} is outside of axis ${along} of ${x.toString()}.`);
    }
    if (length === size) return x;
    const shape = x.shape.map((dim, at) => (at === along ? length : dim));
    const inputs = [x, this.integers([start]), this.integers([end]), this.integers([along])];
    return this.emit('Slice', inputs, {}, [{ dtype: x.dtype, shape }])[0]!;
  }

  /** Slices of `x` along an axis, one for each index. */
  Gather(x: Value, indices: Value, axis: number): Value {
    const along = this.axis('Gather', x, axis);
    this.requireIndices('Gather', indices);
    const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
    return this.emit('Gather', [x, indices], { axis: along }, [{ dtype: x.dtype, shape }])[0]!;
  }

  /** `out[i][j] = x[indices[i][j]][j]` for axis 0, likewise for the others. */
  GatherElements(x: Value, indices: Value, axis: number): Value {
    const along = this.axis('GatherElements', x, axis);
    this.requireIndices('GatherElements', indices);
    this.requireSameRank('GatherElements', x, indices);
    return this.emit('GatherElements', [x, indices], { axis: along }, [{ dtype: x.dtype, shape: indices.shape }])[0]!;
  }

  /** Slices of `x` at index tuples: indices `[..., k]` address the first k axes. */
  GatherND(x: Value, indices: Value): Value {
    return this.emit('GatherND', [x, indices], {}, [
      { dtype: x.dtype, shape: this.shapeAt('GatherND', x, indices) },
    ])[0]!;
  }

  /** A copy of `x` in which the elements at `indices` are replaced by, or increased by, `updates`. */
  ScatterElements(x: Value, indices: Value, updates: Value, axis: number, reduction: 'none' | 'add'): Value {
    const along = this.axis('ScatterElements', x, axis);
    this.requireIndices('ScatterElements', indices);
    this.requireSameRank('ScatterElements', x, indices);
    this.requireSameType('ScatterElements', x, updates);
    if (!equalShapes(indices.shape, updates.shape)) {
      throw new Error(`ScatterElements: ${updates.toString()} has not the shape of ${indices.toString()}.`);
    }
    return this.emit('ScatterElements', [x, indices, updates], { axis: along, reduction }, [x])[0]!;
  }

  /** A copy of `x` in which the slices at index tuples `[..., k]` are replaced by, or increased by, `updates`. */
  ScatterND(x: Value, indices: Value, updates: Value, reduction: 'none' | 'add'): Value {
    this.requireSameType('ScatterND', x, updates);
    if (!equalShapes(this.shapeAt('ScatterND', x, indices), updates.shape)) {
      throw new Error(`ScatterND: ${updates.toString()} does not fit ${x.toString()} at ${indices.toString()}.`);
    }
    return this.emit('ScatterND', [x, indices, updates], { reduction }, [x])[0]!;
  }

  /** One-hot vectors along a new last axis, in a float type. */
  OneHot(indices: Value, depth: number, dtype: 'float32' | 'float64' = 'float32'): Value {
    this.requireIndices('OneHot', indices);
    // The runtime has the operator for int64 indices and float32 vectors.
    const inputs = [this.Cast(indices, 'int64'), this.integers([depth]), this.constant('float32', [2], [0, 1])];
    const shape = [...indices.shape, depth];
    return this.Cast(this.emit('OneHot', inputs, { axis: -1 }, [{ dtype: 'float32', shape }])[0]!, dtype);
  }

  /** Reverses the first `lengths[b]` steps of each sequence and leaves its padding; `x` is [time, batch, ...]. */
  ReverseSequence(x: Value, lengths: Value): Value {
    const [, batch] = x.shape;
    if (batch === undefined) throw new Error(`ReverseSequence: expected [time, batch, ...], found ${x.toString()}.`);
    if (lengths.dtype !== 'int64' || !equalShapes(lengths.shape, [batch])) {
      throw new Error(`ReverseSequence: expected int64 [${batch}] lengths, found ${lengths.toString()}.`);
    }
    return this.emit('ReverseSequence', [x, lengths], { time_axis: 0, batch_axis: 1 }, [x])[0]!;
  }

  protected axis(op: string, x: Value, axis: number): number {
    const rank = x.shape.length;
    if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
      throw new Error(`${op}: ${x.toString()} has no axis ${axis}.`);
    return axis < 0 ? axis + rank : axis;
  }

  /** Several different axes, counted from the first. */
  protected axes(op: string, x: Value, axes: readonly number[]): number[] {
    const found = axes.map((axis) => this.axis(op, x, axis)).sort((a, b) => a - b);
    if (new Set(found).size < found.length) throw new Error(`${op}: [${axes.join(', ')}] names an axis twice.`);
    return found;
  }

  private shapeAt(op: string, x: Value, indices: Value): Shape {
    const tuple = indices.shape.at(-1);
    if (indices.dtype !== 'int64' || typeof tuple !== 'number' || tuple > x.shape.length) {
      throw new Error(`${op}: expected int64 index tuples into ${x.toString()}, found ${indices.toString()}.`);
    }
    return [...indices.shape.slice(0, -1), ...x.shape.slice(tuple)];
  }

  private requireIndices(op: string, indices: Value): void {
    if (indices.dtype !== 'int32' && indices.dtype !== 'int64') {
      throw new Error(`${op}: expected integer indices, found ${indices.toString()}.`);
    }
  }

  private requireSameRank(op: string, x: Value, indices: Value): void {
    if (x.shape.length !== indices.shape.length) {
      throw new Error(`${op}: ${indices.toString()} has not the rank of ${x.toString()}.`);
    }
  }
  private requireSameType(op: string, x: Value, updates: Value): void {
    if (x.dtype !== updates.dtype) {
      throw new Error(`${op}: element types differ: ${x.toString()} and ${updates.toString()}.`);
    }
  }
}
