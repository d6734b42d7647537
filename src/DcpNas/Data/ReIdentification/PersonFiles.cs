using System.Globalization;

namespace DcpNas.Data.ReIdentification;

/// <summary>Images of persons in files, decoded when they are read and stretched to one size, as is usual in this field.</summary>
/// <remarks>Decoded images are kept, as long as all of them fit into the given number of bytes. Persons are labelled in the order of their numbers.</remarks>
internal sealed class PersonFiles : IPersonImages
{
    private readonly PersonFile[] _files;
    private readonly int[] _labels;
    private readonly byte[]?[]? _cache;

    public PersonFiles(string name, IReadOnlyList<PersonFile> files, int height, int width, long cacheBytes)
    {
        (Name, Height, Width) = (name, height, width);
        _files = [.. files];
        int[] identities = [.. _files.Select(file => file.Identity).Distinct().Order()];
        var labels = identities.Select((identity, label) => (identity, label)).ToDictionary(pair => pair.identity, pair => pair.label);
        _labels = [.. _files.Select(file => labels[file.Identity])];
        ClassNames = [.. identities.Select(identity => identity.ToString(CultureInfo.InvariantCulture))];
        _cache = 3L * height * width * _files.Length <= cacheBytes ? new byte[]?[_files.Length] : null;
    }

    public string Name { get; }

    public int Count => _files.Length;

    public int Channels => 3;

    public int Height { get; }

    public int Width { get; }

    public IReadOnlyList<string> ClassNames { get; }

    public bool IsDecodedWhenRead => true;

    /// <summary>The file of an image.</summary>
    public string PathOf(int index) => _files[index].Path;

    public int Label(int index) => _labels[index];

    public int Identity(int index) => _files[index].Identity;

    public int Camera(int index) => _files[index].Camera;

    public string ImageName(int index) => Path.GetFileName(_files[index].Path);

    public void ReadPixels(int index, Span<byte> chw)
    {
        var length = 3 * Height * Width;
        if (_cache is null)
        {
            ImageDecoder.ReadStretched(_files[index].Path, Height, Width, chw[..length]);
            return;
        }

        var pixels = Volatile.Read(ref _cache[index]);
        if (pixels is null)
        {
            // Two threads may decode the same file at once; both get the same bytes, so either may stay.
            pixels = new byte[length];
            ImageDecoder.ReadStretched(_files[index].Path, Height, Width, pixels);
            Volatile.Write(ref _cache[index], pixels);
        }

        pixels.CopyTo(chw);
    }
}

/// <summary>An image file of a person.</summary>
/// <param name="Path">The file.</param>
/// <param name="Identity">The number of the person.</param>
/// <param name="Camera">The number of the camera.</param>
internal readonly record struct PersonFile(string Path, int Identity, int Camera);
