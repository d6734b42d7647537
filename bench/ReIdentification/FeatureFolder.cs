using System.Runtime.InteropServices;
using DcpNas.Protocols.ReIdentification;

namespace DcpNas.ReIdentificationBench;

/// <summary>Features as raw files that NumPy reads too: NAME.f32 (row by row), NAME.identities.i32 and NAME.cameras.i32.</summary>
internal static class FeatureFolder
{
    public static void Write(string folder, string name, float[] features, int[] identities, int[] cameras)
    {
        Write<float>(Path.Combine(folder, name + ".f32"), features);
        Write<int>(Path.Combine(folder, name + ".identities.i32"), identities);
        Write<int>(Path.Combine(folder, name + ".cameras.i32"), cameras);
    }

    public static FeatureSet Read(string folder, string name)
    {
        var identities = Read<int>(Path.Combine(folder, name + ".identities.i32"));
        var features = Read<float>(Path.Combine(folder, name + ".f32"));
        return new FeatureSet(features, features.Length / identities.Length, identities, Read<int>(Path.Combine(folder, name + ".cameras.i32")));
    }

    // In pieces: a span of bytes holds less than 2 GB.
    private const int Piece = 1 << 24;

    private static void Write<T>(string path, T[] values)
        where T : unmanaged
    {
        using var stream = File.Create(path);
        for (var start = 0; start < values.Length; start += Piece)
        {
            stream.Write(MemoryMarshal.AsBytes<T>(values.AsSpan(start, Math.Min(Piece, values.Length - start))));
        }
    }

    private static T[] Read<T>(string path)
        where T : unmanaged
    {
        using var stream = File.OpenRead(path);
        var values = new T[stream.Length / Marshal.SizeOf<T>()];
        for (var start = 0; start < values.Length; start += Piece)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes<T>(values.AsSpan(start, Math.Min(Piece, values.Length - start))));
        }

        return values;
    }
}
