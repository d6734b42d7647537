using System.Runtime.CompilerServices;

namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>
/// Dense convolution by tables, output channels side by side: the activation bits of a group select a table, the weights of many output channels look their mismatches up in it at once.
/// </summary>
internal abstract unsafe class DenseTables : BinaryConvolution
{
    /// <summary>Channels of a block.</summary>
    protected const int Lanes = BitShape.BlockChannels;

    /// <summary>Pixels of a tile.</summary>
    protected const int TilePixels = 6;

    private readonly int _tableBytes;
    private readonly int _mostBlocks;
    private readonly AlignedBytes _weights; // [channel tile][step][channel of the tile]
    private readonly AlignedBytes _thresholds; // ushort [channel], 65535 where there is none
    private readonly ushort[] _outside; // the offsets of a pixel outside of the map
    private readonly int _pixels; // of a padded row
    private readonly int _width; // of the output

    /// <summary>Prepares the kernel; no sum may have more than 32767 products.</summary>
    /// <param name="geometry">The sizes.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="set">The instructions.</param>
    /// <param name="bits">Bits of a group.</param>
    /// <param name="tableBytes">Bytes of a table, which may stand there several times.</param>
    /// <param name="mostBlocks">Blocks of output channels that a tile has at most.</param>
    protected DenseTables(ConvolutionGeometry geometry, ReadOnlySpan<ulong> weights, ReadOnlySpan<BitRule> rules, InstructionSet set, int bits, int tableBytes, int mostBlocks)
        : base(geometry, !rules.IsEmpty, set)
    {
        (_tableBytes, _mostBlocks) = (tableBytes, mostBlocks);
        Groups = new(geometry.Input.Channels, bits);
        Tables = new(Groups.TableCount * tableBytes);
        Groups.WriteTables(Tables.Span, tableBytes);
        (_width, Terms) = (geometry.OutWidth, geometry.Terms);
        _pixels = checked(((geometry.OutWidth - 1) * geometry.Stride) + (geometry.Dilation * (geometry.Kernel - 1)) + 1);
        var (kernel, count) = (geometry.Kernel, Groups.Count);
        Steps = new int[checked(kernel * kernel * count)];
        for (var step = 0; step < Steps.Length; step++)
        {
            var (tap, group) = (step / count, step % count);
            Steps[step] = checked((((tap / kernel * _pixels) + (tap % kernel)) * geometry.Dilation * count) + group);
        }

        SegmentSteps = Groups.StepsPerByte;
        Segments = (Steps.Length + SegmentSteps - 1) / SegmentSteps;
        _outside = [.. Enumerable.Range(0, count).Select(group => (ushort)(Groups.Outside(group) * _tableBytes))];
        _weights = new(checked(Steps.Length * Geometry.Output.Blocks * Lanes));
        PrepareWeights(weights);
        _thresholds = new(Geometry.Output.Blocks * Lanes * sizeof(ushort));
        var thresholds = new Span<ushort>(_thresholds.Pointer, Geometry.Output.Blocks * Lanes);
        thresholds.Fill(ushort.MaxValue);
        for (var channel = 0; channel < rules.Length; channel++)
        {
            thresholds[channel] = (ushort)CountRules.Threshold(rules[channel], geometry.Terms, Groups.Unit);
        }

        Flips = CountRules.Flips(rules);
    }

    /// <summary>How channels are cut.</summary>
    protected Groups Groups { get; }

    /// <summary>The tables.</summary>
    protected AlignedBytes Tables { get; }

    /// <summary>Where the offset of each step lies from that of a pixel's first tap.</summary>
    protected int[] Steps { get; }

    /// <summary>A bit per channel: whether its rule is turned round.</summary>
    protected ulong[] Flips { get; }

    /// <summary>Steps after which counters are written.</summary>
    protected int SegmentSteps { get; }

    /// <summary>Times that counters are written.</summary>
    protected int Segments { get; }

    /// <summary>Products of one sum away from borders.</summary>
    protected int Terms { get; }

    /// <inheritdoc/>
    protected internal override int Scratch(int rowCount) => checked(CounterBytes + (sizeof(ushort) * ((PaddedRows(rowCount) * _pixels * Groups.Count) + 16)));

    /// <inheritdoc/>
    protected internal override int FinishScratch(int rowCount) => CanFinish ? checked(TileSumBytes + Scratch(rowCount)) : base.FinishScratch(rowCount);

    /// <inheritdoc/>
    protected internal override void Finish(ulong* input, SumEpilogue epilogue, in EpilogueRows rows, int firstRow, int rowCount, byte* scratch)
    {
        if (!CanFinish)
        {
            base.Finish(input, epilogue, in rows, firstRow, rowCount, scratch);
            return;
        }

        var counters = scratch + TileSumBytes;
        var offsets = (ushort*)(counters + CounterBytes);
        ExpandRows(input, offsets, firstRow, PaddedRows(rowCount));
        var total = rowCount * _width;
        var pixels = stackalloc ushort*[TilePixels];
        for (var block = 0; block < Geometry.Output.Blocks; block += _mostBlocks)
        {
            var blocks = Math.Min(_mostBlocks, Geometry.Output.Blocks - block);
            var weights = _weights.Pointer + ((long)block * Lanes * Steps.Length);
            var (row, x) = (0, 0);
            for (var pixel = 0; pixel < total; pixel += TilePixels)
            {
                var here = Math.Min(TilePixels, total - pixel);
                Point(pixels, offsets, here, ref row, ref x);
                Count(weights, pixels, blocks, counters);
                SumTile(counters, blocks, (short*)scratch);
                epilogue.Tile((short*)scratch, block, blocks, in rows, pixel, here, _width);
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Whether a tile of sums goes to the epilogue as soon as it is counted.</summary>
    private bool CanFinish => Set == InstructionSet.Avx512;

    private int TileSumBytes => sizeof(short) * TilePixels * _mostBlocks * Lanes;

    private int CounterBytes => checked(Segments * TilePixels * _mostBlocks * Lanes);

    /// <inheritdoc/>
    protected internal override void Run(ulong* input, Result result, void* output, int firstRow, int rowCount, byte* scratch)
    {
        var offsets = (ushort*)(scratch + CounterBytes);
        ExpandRows(input, offsets, firstRow, PaddedRows(rowCount));
        for (var block = 0; block < Geometry.Output.Blocks; block += _mostBlocks)
        {
            RunTiles(offsets, block, Math.Min(_mostBlocks, Geometry.Output.Blocks - block), result, output, rowCount, scratch);
        }

        GC.KeepAlive(this);
    }

    private int PaddedRows(int rowCount) => checked(((rowCount - 1) * Geometry.Stride) + (Geometry.Dilation * (Geometry.Kernel - 1)) + 1);

    /// <summary>The channel of a block that a lane of a tile counts.</summary>
    protected abstract int ChannelOf(int lane);

    /// <summary>Counts the mismatches of a tile, <c>[segment][pixel][channel]</c>.</summary>
    /// <param name="weights">The weights of the tile.</param>
    /// <param name="pixels">The offsets of each pixel's first tap.</param>
    /// <param name="blocks">Blocks of output channels.</param>
    /// <param name="counters">Receives the counts.</param>
    protected abstract void Count(byte* weights, ushort** pixels, int blocks, byte* counters);

    /// <summary>Adds the counters of one block of one pixel and compares them with thresholds, one bit per channel.</summary>
    /// <param name="counters">The first counter.</param>
    /// <param name="stride">Bytes between segments.</param>
    /// <param name="thresholds">The thresholds.</param>
    protected abstract ulong Compare(byte* counters, int stride, ushort* thresholds);

    /// <summary>Adds the counters of one block of one pixel, and writes 64 sums.</summary>
    /// <param name="counters">The first counter.</param>
    /// <param name="stride">Bytes between segments.</param>
    /// <param name="sums">Receives the sums.</param>
    protected abstract void Sum(byte* counters, int stride, short* sums);

    /// <summary>Adds the counters of a tile, and writes its sums, <c>[pixel][channel]</c>.</summary>
    /// <param name="counters">The counters.</param>
    /// <param name="blocks">Blocks of output channels.</param>
    /// <param name="sums">Receives the sums.</param>
    protected abstract void SumTile(byte* counters, int blocks, short* sums);

    /// <summary>Turns the words of pixels into offsets of tables.</summary>
    /// <param name="words">The first block of the first pixel.</param>
    /// <param name="pixels">Pixels to turn.</param>
    /// <param name="step">Pixels from one to the next.</param>
    /// <param name="target">Receives them, <c>[pixel][group]</c>; up to 16 values behind the first of the last block are written.</param>
    protected abstract void Expand(ulong* words, int pixels, int step, ushort* target);

    private void PrepareWeights(ReadOnlySpan<ulong> weights)
    {
        var (taps, blocks, count) = (Geometry.Kernel * Geometry.Kernel, Geometry.Input.Blocks, Groups.Count);
        var target = _weights.Span;
        for (var vector = 0; vector < Geometry.Output.Blocks; vector++)
        {
            var first = vector / _mostBlocks * _mostBlocks; // of the tile
            var width = Math.Min(_mostBlocks, Geometry.Output.Blocks - first) * Lanes;
            for (var lane = 0; lane < Lanes; lane++)
            {
                var channel = (vector * Lanes) + ChannelOf(lane);
                for (var step = 0; channel < Geometry.OutChannels && step < Steps.Length; step++)
                {
                    var words = weights.Slice(((channel * taps) + (step / count)) * blocks, blocks);
                    target[(first * Lanes * Steps.Length) + (step * width) + ((vector - first) * Lanes) + lane] = (byte)Groups.Extract(words, 1, step % count);
                }
            }
        }
    }

    /// <summary>Turns rows of words into offsets of tables, <c>[y][x][group]</c>, with the pixels outside around them.</summary>
    private void ExpandRows(ulong* input, ushort* offsets, int firstRow, int rows)
    {
        var (shape, stride, lead, count) = (Geometry.Input, Geometry.Stride, Geometry.Lead, Groups.Count);
        var sparse = Geometry.Kernel == 1 ? stride : 1; // a single tap reads every so many rows and columns only
        var (first, end) = (Math.Clamp(lead, 0, _pixels), Math.Clamp(shape.Width + lead, 0, _pixels));
        first = (first + sparse - 1) / sparse * sparse;
        for (var row = 0; row < rows; row += sparse)
        {
            var y = (firstRow * stride) + row - lead;
            var target = offsets + ((long)row * _pixels * count);
            if (y < 0 || y >= shape.Height)
            {
                FillOutside(target, _pixels);
                continue;
            }

            FillOutside(target, first);
            var source = input + shape.IndexOf(y, 0, 0) - lead;
            if (end > first)
            {
                Expand(source + first, (end - first + sparse - 1) / sparse, sparse, target + ((long)first * count));
            }

            FillOutside(target + ((long)end * count), _pixels - end);
        }
    }

    private void FillOutside(ushort* target, int pixels)
    {
        var outside = _outside.AsSpan();
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            outside.CopyTo(new(target + ((long)pixel * outside.Length), outside.Length));
        }
    }

    private void RunTiles(ushort* offsets, int block, int blocks, Result result, void* output, int rowCount, byte* counters)
    {
        var pixels = stackalloc ushort*[TilePixels];
        var total = rowCount * _width;
        var weights = _weights.Pointer + ((long)block * Lanes * Steps.Length);
        var (row, x) = (0, 0);
        for (var pixel = 0; pixel < total; pixel += TilePixels)
        {
            var (firstRow, firstX) = (row, x);
            var here = Math.Min(TilePixels, total - pixel);
            Point(pixels, offsets, here, ref row, ref x);
            Count(weights, pixels, blocks, counters);
            if (result == Result.Bits)
            {
                WriteBits(counters, block, blocks, firstRow, firstX, here, (ulong*)output);
            }
            else
            {
                WriteSums(counters, block, blocks, pixel, here, result, output);
            }
        }
    }

    /// <summary>Points to the first tap of each pixel of a tile and goes on to the next tile; where pixels are missing the last one stands for them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Point(ushort** pixels, ushort* offsets, int count, ref int row, ref int x)
    {
        var step = (nint)Geometry.Stride * Groups.Count;
        var next = offsets + (((nint)row * _pixels) + x) * step;
        if (x + TilePixels < _width)
        {
            for (var index = 0; index < TilePixels; index++, next += step)
            {
                pixels[index] = next;
            }

            x += TilePixels;
            return;
        }

        for (var index = 0; index < TilePixels; index++)
        {
            pixels[index] = offsets + (((nint)row * _pixels) + x) * step;
            if (index < count - 1 && ++x == _width)
            {
                (row, x) = (row + 1, 0);
            }
        }

        if (++x == _width)
        {
            (row, x) = (row + 1, 0);
        }
    }

    private void WriteBits(byte* counters, int block, int blocks, int row, int x, int pixels, ulong* output)
    {
        var (width, stride) = (_width, TilePixels * blocks * Lanes);
        var thresholds = (ushort*)_thresholds.Pointer + ((long)block * Lanes);
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var target = output + ((((long)row * Geometry.Output.Blocks) + block) * width) + x;
            for (var index = 0; index < blocks; index++)
            {
                target[(long)index * width] = Compare(counters + (((pixel * blocks) + index) * Lanes), stride, thresholds + (index * Lanes)) ^ Flips[block + index];
            }

            if (++x == width)
            {
                (row, x) = (row + 1, 0);
            }
        }
    }

    private void WriteSums(byte* counters, int block, int blocks, int firstPixel, int pixels, Result result, void* output)
    {
        var (channels, stride) = (Geometry.OutChannels, TilePixels * blocks * Lanes);
        var rest = stackalloc short[Lanes];
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            for (var index = 0; index < blocks; index++)
            {
                var channel = (block + index) * Lanes;
                var at = ((long)(firstPixel + pixel) * channels) + channel;
                var here = Math.Min(Lanes, channels - channel);
                var isDirect = here == Lanes && result == Result.Sums16;
                Sum(counters + (((pixel * blocks) + index) * Lanes), stride, isDirect ? (short*)output + at : rest);
                if (!isDirect && result == Result.Sums16)
                {
                    new Span<short>(rest, here).CopyTo(new((short*)output + at, here));
                }
                else if (!isDirect)
                {
                    for (var lane = 0; lane < here; lane++)
                    {
                        ((int*)output)[at + lane] = rest[lane];
                    }
                }
            }
        }
    }
}
