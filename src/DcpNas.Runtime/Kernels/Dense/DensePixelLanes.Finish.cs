using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DcpNas.Runtime.Kernels.Dense;

/// <content>Sums that go to an epilogue: counted with pixels side by side, turned so that channels lie side by side.</content>
internal sealed unsafe partial class DensePixelLanes
{
    /// <inheritdoc/>
    protected internal override int FinishScratch(int rowCount) => checked(SumBytes + Scratch(rowCount));

    /// <inheritdoc/>
    protected internal override void Finish(ulong* input, SumEpilogue epilogue, in EpilogueRows rows, int firstRow, int rowCount, byte* scratch)
    {
        var sums = (short*)scratch; // [vector][pixel][channel of the block]
        var wide = sums + (MostVectors * Lanes * Lanes); // [channel of two tiles][vector][even pixels, odd pixels]
        var counters = scratch + SumBytes;
        var planes = counters + CounterBytes;
        Expand(input, planes, (ulong*)(planes + ((long)_plan.PlaneBytes * _groups.Count * _plan.Phases.Length) + (MostVectors * Lanes)), firstRow, rowCount);
        var vectors = Vectors(rowCount);
        var places = (vectors + MostVectors - 1) / MostVectors;
        fixed (ushort* weights = _weights)
        fixed (int* steps = _steps)
        fixed (byte* classes = _plan.Classes)
        {
            for (var block = 0; block < Geometry.Output.Blocks; block++)
            {
                var firstTile = block * (Lanes / PixelTile.Channels);
                var tiles = Math.Min(Tiles - firstTile, Lanes / PixelTile.Channels);
                for (var (place, vector) = (0, 0); place < places; place++)
                {
                    var count = (vectors - vector + places - place - 1) / (places - place); // as even as can be
                    for (var tile = 0; tile < tiles; tile++)
                    {
                        var start = _plan.HasBorders ? classes + ((long)firstRow * _plan.Pitch) + (vector * Lanes) : null;
                        Count(count, weights, planes + (vector * Lanes), steps, start, firstTile + tile, counters);
                        Widen(counters, count, firstTile + tile, wide + (tile % 2 * PixelTile.Channels * count * Lanes));
                        if (tile % 2 == 1 || tile == tiles - 1)
                        {
                            Turn(wide, count, sums + (tile / 2 * ShortTranspose.Channels)); // of a single tile the other half holds anything: no channel is there
                        }
                    }

                    for (var index = 0; index < count; index++, vector++)
                    {
                        Hand(sums + (index * Lanes * Lanes), epilogue, in rows, block, vector * Lanes, rowCount);
                    }
                }
            }
        }

        GC.KeepAlive(this);
    }

    private static int SumBytes => sizeof(short) * MostVectors * Lanes * (Lanes + ShortTranspose.Channels);

    private static void Turn(short* wide, int vectors, short* sums)
    {
        for (var vector = 0; vector < vectors; vector++)
        {
            ShortTranspose.Run(wide + (vector * Lanes), vectors * Lanes, sums + (vector * Lanes * Lanes), 2 * Lanes);
            ShortTranspose.Run(wide + (vector * Lanes) + (Lanes / 2), vectors * Lanes, sums + (vector * Lanes * Lanes) + Lanes, 2 * Lanes);
        }
    }

    /// <summary>Gives the pixels among 64 places to the epilogue, row by row.</summary>
    private void Hand(short* sums, SumEpilogue epilogue, in EpilogueRows rows, int block, int place, int rowCount)
    {
        var (pitch, width) = (_plan.Pitch, Geometry.OutWidth);
        if (pitch == width)
        {
            epilogue.Tile(sums, block, 1, in rows, place, Math.Min(Lanes, (rowCount * width) - place), width);
            return;
        }

        var (row, x) = (place / pitch, place % pitch);
        for (var index = 0; index < Lanes && row < rowCount; row++, x = 0)
        {
            var count = Math.Min(width - x, Lanes - index);
            if (count > 0)
            {
                epilogue.Tile(sums + (index * Lanes), block, 1, in rows, (row * width) + x, count, width);
            }

            index += pitch - x;
        }
    }

    /// <summary>Adds the counters of all segments and makes sums of them, even pixels before odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Widen(byte* counters, int vectors, int tile, short* wide)
    {
        var (segments, stride, shift, terms, channels) = (_segments, PixelTile.Channels * vectors * Lanes, 2 - _groups.Unit, Geometry.Terms, Geometry.OutChannels);
        for (var channel = 0; channel < PixelTile.Channels; channel++)
        {
            var number = (tile * PixelTile.Channels) + channel;
            var start = Vector512.Create((short)(terms + (number < channels ? _plan.Biases[number] << shift : 0)));
            for (var vector = 0; vector < vectors; vector++, counters += Lanes, wide += Lanes)
            {
                var total = Vector512.Load(counters).AsUInt16(); // of both bytes, modulo 2^16: what is not in the high one is in the low one
                var odd = total >>> 8;
                for (var segment = 1; segment < segments; segment++)
                {
                    var next = Vector512.Load(counters + (segment * stride)).AsUInt16();
                    total += next;
                    odd += next >>> 8;
                }

                var even = total - (odd << 8);
                (start - (even << shift).AsInt16()).Store(wide);
                (start - (odd << shift).AsInt16()).Store(wide + (Lanes / 2));
            }
        }
    }
}
