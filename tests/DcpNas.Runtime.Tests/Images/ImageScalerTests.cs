namespace DcpNas.Runtime.Tests.Images;

/// <summary>The filter of image scaling, against docs/model-format.md section 2 written to the letter, and against Pillow where it is installed.</summary>
public sealed class ImageScalerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dcpnas-scaler").FullName;

    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 37, 53, 16, 16 }, { 60, 45, 40, 30 }, { 5, 7, 31, 40 }, { 100, 10, 10, 100 }, { 1, 1, 8, 8 }, { 33, 32, 32, 32 }, { 16, 16, 16, 16 }, { 199, 150, 7, 3 },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Scale_OfAnySize_EqualsItsDefinition(int width, int height, int toWidth, int toHeight)
    {
        var pixels = new Draw(width + toWidth).Pixels(3 * width * height);
        var actual = Scale(new DecodedImage(pixels, width, height), toWidth, toHeight);

        var rows = Transpose(Line(pixels, width, height, toWidth), toWidth, height);
        Assert.Equal(Transpose(Line(rows, height, toWidth, toHeight), toHeight, toWidth), actual);
    }

    [Fact]
    public void Scale_OfAPart_GivesThatPartOfTheWhole()
    {
        var image = new DecodedImage(new Draw(1).Pixels(3 * 50 * 40), 50, 40);
        var whole = Scale(image, 33, 29);
        var part = new byte[3 * 10 * 12];

        ImageScaler.Scale(image, 33, 29, new ImagePart(7, 5, 10, 12), part);

        for (var i = 0; i < part.Length; i++)
        {
            var (x, y) = ((i / 3 % 10) + 7, (i / 30) + 5);
            Assert.Equal(whole[(3 * ((y * 33) + x)) + (i % 3)], part[i]);
        }
    }

    [Theory]
    [InlineData(ImageOrientation.TopLeft, "abcdef", 3)]
    [InlineData(ImageOrientation.TopRight, "cbafed", 3)]
    [InlineData(ImageOrientation.BottomRight, "fedcba", 3)]
    [InlineData(ImageOrientation.BottomLeft, "defabc", 3)]
    [InlineData(ImageOrientation.LeftTop, "adbecf", 2)]
    [InlineData(ImageOrientation.RightTop, "daebfc", 2)]
    [InlineData(ImageOrientation.RightBottom, "fcebda", 2)]
    [InlineData(ImageOrientation.LeftBottom, "cfbead", 2)]
    public void Scale_OfAPhotoThatIsStoredTurned_IsUpright(ImageOrientation orientation, string upright, int width)
    {
        byte[] stored = [.. "abcdef".SelectMany(letter => new[] { (byte)letter, (byte)letter, (byte)letter })]; // abc above def
        var image = new DecodedImage(stored, 3, 2, PixelFormat.Rgb, orientation);

        Assert.Equal((width, 6 / width), (image.Width, image.Height));
        Assert.Equal(upright, string.Concat(Scale(image, width, 6 / width).Where((_, i) => i % 3 == 0).Select(value => (char)value)));
        foreach (var (format, bytes) in ((PixelFormat, int)[])[(PixelFormat.Rgb, 3), (PixelFormat.Bgra, 4), (PixelFormat.Grey, 1)])
        {
            byte[] padded = [.. ((string[])["abc", "def"]).SelectMany(row => row.SelectMany(letter => Enumerable.Repeat((byte)letter, bytes)).Concat("--"u8.ToArray()))];
            var copy = new byte[6 * bytes];
            new DecodedImage(padded, 3, 2, format, orientation, (3 * bytes) + 2).CopyUprightTo(copy);
            Assert.Equal(upright.SelectMany(letter => Enumerable.Repeat((byte)letter, bytes)), copy);
        }
    }

    [Fact]
    public void CopyUprightTo_ATooShortPlace_IsRefused()
    {
        var problem = Assert.Throws<ArgumentException>(() => new DecodedImage(new byte[18], 3, 2, PixelFormat.Rgb, ImageOrientation.RightTop).CopyUprightTo(new byte[17]));
        Assert.StartsWith("2 x 3 pixels take 18 bytes, got 17.", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PixelFormat.Rgb, new byte[] { 1, 2, 3, 4, 5, 6 }, new byte[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(PixelFormat.Rgba, new byte[] { 1, 2, 3, 9, 4, 5, 6, 9 }, new byte[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(PixelFormat.Bgr, new byte[] { 3, 2, 1, 6, 5, 4 }, new byte[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(PixelFormat.Bgra, new byte[] { 3, 2, 1, 9, 6, 5, 4, 9 }, new byte[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(PixelFormat.Grey, new byte[] { 7, 8 }, new byte[] { 7, 7, 7, 8, 8, 8 })]
    public void Scale_OfEveryFormat_GivesRedGreenBlue(PixelFormat format, byte[] pixels, byte[] expected) => Assert.Equal(expected, Scale(new DecodedImage(pixels, 2, 1, format), 2, 1));

    [Fact]
    public void Scale_WithRowsThatArePadded_PassesOverThePadding()
    {
        byte[] pixels = [1, 1, 1, 99, 99, 2, 2, 2];
        Assert.Equal([1, 1, 1, 2, 2, 2], Scale(new DecodedImage(pixels, 1, 2, rowBytes: 5), 1, 2));
    }

    [Fact]
    public void DecodedImage_WithTooFewPixels_IsRefused()
    {
        Assert.Equal("3 x 2 pixels take 18 bytes, got 17. (Parameter 'pixels')", Assert.Throws<ArgumentException>(() => new DecodedImage(new byte[17], 3, 2)).Message);
        Assert.Equal("A row must have at least 9 bytes, got 8. (Parameter 'rowBytes')", Assert.Throws<ArgumentException>(() => new DecodedImage(new byte[18], 3, 2, rowBytes: 8)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodedImage(new byte[18], 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodedImage(new byte[18], 3, 2, orientation: (ImageOrientation)9));
        Assert.Throws<ArgumentException>(() => Scale(new DecodedImage(new byte[18], 3, 2), 4, 4, new ImagePart(1, 0, 4, 4)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Scale_OfAnySize_EqualsPillow(int width, int height, int toWidth, int toHeight)
    {
        var pixels = new Draw(width + toWidth).Pixels(3 * width * height);
        File.WriteAllBytes(Path.Combine(_folder, "in"), pixels);
        const string Script = """
            import sys
            from PIL import Image
            source, target, w, h, tw, th = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
            open(target, 'wb').write(Image.frombytes('RGB', (w, h), open(source, 'rb').read()).resize((tw, th), Image.BILINEAR).tobytes())
            """;
        Python.Run("PIL", "python3-pil", "-c", Script, Path.Combine(_folder, "in"), Path.Combine(_folder, "out"), $"{width}", $"{height}", $"{toWidth}", $"{toHeight}");

        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "out")), Scale(new DecodedImage(pixels, width, height), toWidth, toHeight));
    }

    private static byte[] Scale(DecodedImage image, int width, int height, ImagePart? part = null)
    {
        var target = new byte[3 * width * height];
        ImageScaler.Scale(image, width, height, part ?? new ImagePart(0, 0, width, height), target);
        return target;
    }

    /// <summary>The rule for rows: literally.</summary>
    private static byte[] Line(byte[] pixels, int width, int height, int to)
    {
        var result = new byte[3 * to * height];
        var s = (double)width / to;
        var f = Math.Max(s, 1);
        for (var i = 0; i < to; i++)
        {
            var c = (i + 0.5) * s;
            int[] js = [.. Enumerable.Range(0, width).Where(j => j >= (int)Math.Max(c - f + 0.5, 0) && j < (int)(c + f + 0.5))];
            double[] weights = [.. js.Select(j => Math.Max(0, 1 - Math.Abs((j - c + 0.5) * (1 / f))))];
            long[] rounded = [.. weights.Select(weight => (long)Math.Floor((weight / weights.Sum() * (1 << 22)) + 0.5))];
            for (var y = 0; y < height; y++)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    var sum = js.Select((j, at) => rounded[at] * pixels[(3 * ((y * width) + j)) + channel]).Sum();
                    result[(3 * ((y * to) + i)) + channel] = (byte)Math.Clamp((sum + (1 << 21)) >> 22, 0, 255);
                }
            }
        }

        return result;
    }

    private static byte[] Transpose(byte[] pixels, int width, int height)
    {
        var result = new byte[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i / 3 % width, i / 3 / width);
            result[(3 * ((x * height) + y)) + (i % 3)] = pixels[i];
        }

        return result;
    }
}
