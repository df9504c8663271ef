/** Position among the training rows of each row id. @param trainIds ascending */
export function positionsOf(rowIds: Uint32Array, trainIds: Uint32Array): Uint32Array {
  return rowIds.map((id) => {
    let [low, high] = [0, trainIds.length - 1];
    while (low < high) {
      const mid = (low + high) >> 1;
      if (trainIds[mid]! < id) low = mid + 1;
      else high = mid;
    }
    return low;
  });
}
