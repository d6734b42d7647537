using System.Buffers.Binary;

namespace DcpNas.Runtime.Tests.Images;

public sealed class PngOrientationTests
{
    private static readonly byte[] Signature = [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n'];

    public static TheoryData<int> Orientations => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Of_BothByteOrdersAnywhereInTheFile_IsThatOfTheTag(int orientation)
    {
        foreach (var exif in (byte[][])[Big(orientation), Little(orientation), Big(orientation, before: 3)])
        {
            Assert.Equal((ImageOrientation)orientation, Of([.. Signature, .. Chunk("IHDR", new byte[13]), .. Chunk("eXIf", exif), .. Chunk("IDAT", new byte[100])]));
            Assert.Equal((ImageOrientation)orientation, Of([.. Signature, .. Chunk("IHDR", new byte[13]), .. Chunk("IDAT", new byte[100]), .. Chunk("eXIf", exif), .. Chunk("IEND", [])]));
        }
    }

    [Fact]
    public void Of_FilesWithoutAKnownOrientation_IsUpright()
    {
        byte[] head = [.. Signature, .. Chunk("IHDR", new byte[13])];
        foreach (var file in (byte[][])
        [
            [], Signature, head, [.. head, .. Chunk("eXIf", [])], [.. head, .. Chunk("eXIf", Big(0))], [.. head, .. Chunk("eXIf", Big(9))], [.. head, .. Chunk("eXIf", [.. "XX"u8, .. Big(6)[2..]])],
            [0xFF, 0xD8, .. head[2..], .. Chunk("eXIf", Big(6))], // no PNG
        ])
        {
            Assert.Equal(ImageOrientation.TopLeft, Of(file));
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(7u)]
    [InlineData(int.MaxValue)]
    [InlineData(uint.MaxValue)]
    public void Of_LengthsThatLie_IsUpright(uint length)
    {
        // Of a chunk, and of the place of the first directory.
        foreach (var name in (string[])["tEXt", "eXIf"])
        {
            byte[] file = [.. Signature, .. Chunk(name, [1, 2, 3])];
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(Signature.Length), length);
            Assert.Equal(ImageOrientation.TopLeft, Of(file));
        }

        var exif = Big(6);
        BinaryPrimitives.WriteUInt32BigEndian(exif.AsSpan(4), length);
        Assert.Equal(ImageOrientation.TopLeft, Of([.. Signature, .. Chunk("eXIf", exif)]));
    }

    [Fact]
    public void Of_AFileCutAnywhereOrWithAByteChanged_NeverThrows()
    {
        byte[] file = [.. Signature, .. Chunk("IHDR", new byte[13]), .. Chunk("eXIf", Big(6, before: 2))];
        for (var at = 0; at < file.Length; at++)
        {
            Of(file[..at]);
            foreach (var value in (byte[])[0, 1, 0x7F, 0x80, 0xFF])
            {
                var changed = (byte[])file.Clone();
                changed[at] = value;
                Of(changed);
            }
        }
    }

    private static ImageOrientation Of(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return PngOrientation.Of(stream);
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(name), .. content, 0, 0, 0, 0]; // the checksum is not read
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        return chunk;
    }

    /// <summary>A directory of EXIF, most significant byte first, with some other entries before the orientation.</summary>
    private static byte[] Big(int orientation, int before = 0) =>
    [
        .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, (byte)(before + 1),
        .. Enumerable.Repeat((byte[])[0x01, 0x0F, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0], before).SelectMany(entry => entry),
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
    ];

    private static byte[] Little(int orientation) => [.. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];
}
