using DcpNas.Runtime;

namespace DcpNas.Data;

/// <summary>Augments and normalises one image at a time; each thread has its own. Allocates nothing per image.</summary>
internal sealed class ImageAugmenter
{
    // Names this use of the seed among the streams of SeededRandom.
    private const long Stream = 0x6175676d656e74;
    private const long EraseStream = 0x6572617365;

    private readonly AugmentationOptions _options;
    private readonly int _channels;
    private readonly int _height;
    private readonly int _width;
    private readonly bool _channelsLast;
    private readonly long _seed;
    private readonly SeededRandom _random = new();

    // _normalized[channel * 256 + value]
    private readonly float[] _normalized;

    public ImageAugmenter(IImageDataset data, AugmentationOptions options, ChannelStatistics statistics, bool channelsLast, long seed)
    {
        _options = options;
        _channels = data.Channels;
        _height = data.Height;
        _width = data.Width;
        _channelsLast = channelsLast;
        _seed = seed;
        _normalized = PixelNormalization.Table(statistics.Mean, statistics.StandardDeviation);
    }

    /// <summary>What happens to an image in an epoch.</summary>
    /// <param name="Top">Row of the padded image where the crop begins.</param>
    /// <param name="Left">Column of the padded image where the crop begins.</param>
    /// <param name="Flip">Mirror after the crop.</param>
    /// <param name="CutRow">Row of the centre of Cutout.</param>
    /// <param name="CutColumn">Column of the centre of Cutout.</param>
    public readonly record struct Draw(int Top, int Left, bool Flip, int CutRow, int CutColumn);

    /// <summary>The draw of an image. All numbers are drawn whatever the options, so that switching one on leaves the others as they are.</summary>
    public Draw DrawFor(int epoch, int index)
    {
        _random.Reseed(_seed, Stream, epoch, index);
        var flip = _random.Next(2) == 1;
        var cutRow = _random.Next(_height);
        var cutColumn = _random.Next(_width);
        var top = _random.Next((2 * _options.CropPadding) + 1);
        var left = _random.Next((2 * _options.CropPadding) + 1);
        return new Draw(top, left, flip && _options.HorizontalFlip, cutRow, cutColumn);
    }

    /// <summary>Writes the image as it is seen in an epoch.</summary>
    /// <param name="chw">Pixels <c>[C, H, W]</c>.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">The image's index in its data set.</param>
    /// <param name="destination"><c>[C, H, W]</c>, or <c>[H, W, C]</c> for channels-last.</param>
    public void Write(ReadOnlySpan<byte> chw, int epoch, int index, Span<float> destination)
    {
        var draw = DrawFor(epoch, index);
        var pixelStep = _channelsLast ? _channels : 1;
        for (var channel = 0; channel < _channels; channel++)
        {
            var plane = chw.Slice(channel * _height * _width, _height * _width);
            var table = _normalized.AsSpan(channel * 256, 256);
            for (var y = 0; y < _height; y++)
            {
                var start = _channelsLast ? (y * _width * _channels) + channel : ((channel * _height) + y) * _width;
                WriteRow(plane, y + draw.Top - _options.CropPadding, draw, table, destination[start..], pixelStep);
            }
        }

        if (_options.CutoutLength > 0)
        {
            CutOut(draw, destination);
        }

        if (_options.RandomErase > 0)
        {
            Erase(epoch, index, destination);
        }
    }

    private void WriteRow(ReadOnlySpan<byte> plane, int sourceRow, Draw draw, ReadOnlySpan<float> table, Span<float> row, int pixelStep)
    {
        var inside = (uint)sourceRow < (uint)_height;
        var source = inside ? plane.Slice(sourceRow * _width, _width) : default;
        var shift = draw.Left - _options.CropPadding;
        var target = draw.Flip ? (_width - 1) * pixelStep : 0;
        var targetStep = draw.Flip ? -pixelStep : pixelStep;
        for (var x = 0; x < _width; x++, target += targetStep)
        {
            var column = x + shift;
            row[target] = table[(uint)column < (uint)source.Length ? source[column] : 0];
        }
    }

    private void CutOut(Draw draw, Span<float> destination)
    {
        var half = _options.CutoutLength / 2;
        var top = int.Max(draw.CutRow - half, 0);
        var bottom = int.Min(draw.CutRow - half + _options.CutoutLength, _height);
        var left = int.Max(draw.CutColumn - half, 0);
        var right = int.Min(draw.CutColumn - half + _options.CutoutLength, _width);
        Clear(top, bottom, left, right, destination);
    }

    /// <summary>Random erasing, from a stream of its own: the other draws stay as they are.</summary>
    private void Erase(int epoch, int index, Span<float> destination)
    {
        const double SmallestArea = 0.02, LargestArea = 0.4, SmallestRatio = 0.3;
        const int Tries = 10;
        _random.Reseed(_seed, EraseStream, epoch, index);
        if (_random.NextDouble() >= _options.RandomErase)
        {
            return;
        }

        for (var i = 0; i < Tries; i++)
        {
            var area = _random.NextDouble(SmallestArea, LargestArea) * _height * _width;
            var ratio = _random.NextDouble(SmallestRatio, 1 / SmallestRatio);
            var (rows, columns) = ((int)Math.Round(Math.Sqrt(area * ratio)), (int)Math.Round(Math.Sqrt(area / ratio)));
            if (rows < _height && columns < _width)
            {
                var (top, left) = (_random.Next(_height - rows + 1), _random.Next(_width - columns + 1));
                Clear(top, top + rows, left, left + columns, destination);
                return;
            }
        }
    }

    private void Clear(int top, int bottom, int left, int right, Span<float> destination)
    {
        for (var y = top; y < bottom; y++)
        {
            if (_channelsLast)
            {
                destination[(((y * _width) + left) * _channels)..(((y * _width) + right) * _channels)].Clear();
                continue;
            }

            for (var channel = 0; channel < _channels; channel++)
            {
                var row = ((channel * _height) + y) * _width;
                destination[(row + left)..(row + right)].Clear();
            }
        }
    }
}
