using System.Runtime.InteropServices;
using System.Text;

namespace DcpNas.Native;

/// <summary>What a 64-bit little-endian ELF library offers and needs, read from its section table.</summary>
/// <remarks>Layouts: ELF gABI, "Symbol Table", "Relocation", "Dynamic Section"; Linux Standard Base, "Symbol Versioning".</remarks>
internal sealed class ElfLibrary
{
    private const uint RelaSection = 4, DynamicSection = 6, DynamicSymbols = 11, VersionNeeds = 0x6ffffffe, SymbolVersions = 0x6fffffff;
    private const long LazyRelocations = 23; // DT_JMPREL
    private const ushort WeakVersion = 2; // VER_FLG_WEAK
    private readonly byte[] _names;
    private readonly Symbol[] _symbols;

    private ElfLibrary(string path)
    {
        Path = path;
        using var file = File.OpenRead(path);
        var header = Read(file, 0, 64);
        if (!header.AsSpan(0, 6).SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw InputException.InFile(path, "byte 0", "a 64-bit little-endian ELF library", "another kind of file", "Name a libtorch for this platform.");
        }

        var sections = Table<Section>(file, BitConverter.ToInt64(header, 0x28), BitConverter.ToUInt16(header, 0x3C) * (long)Marshal.SizeOf<Section>());
        var symbols = Array.FindIndex(sections, section => section.Type == DynamicSymbols);
        if (symbols < 0)
        {
            throw InputException.InFile(path, "the section table", "a section .dynsym", "none", "Name a libtorch whose libraries are not stripped of it.");
        }

        _symbols = Table<Symbol>(file, sections[symbols].Offset, sections[symbols].Size);
        var strings = Linked(sections, symbols);
        _names = Read(file, strings.Offset, strings.Size);
        Needs = ReadNeeds(file, sections, symbols);
        Versions = ReadVersions(file, sections);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The symbols that another library must offer, without those that carry a version (the system's own libraries).</summary>
    public IReadOnlyList<SymbolNeed> Needs { get; }

    /// <summary>The versions it asks of the system's libraries.</summary>
    public IReadOnlyList<VersionNeed> Versions { get; }

    /// <summary>Reads a library.</summary>
    /// <exception cref="InputException">The file is no such library.</exception>
    public static ElfLibrary Open(string path)
    {
        try
        {
            return new ElfLibrary(path);
        }
        catch (Exception exception) when (exception is EndOfStreamException or ArgumentException or OverflowException)
        {
            throw Damaged(path, exception);
        }
    }

    /// <summary>Takes the symbols that this library offers out of <paramref name="wanted"/>.</summary>
    public void RemoveOffered(HashSet<string> wanted)
    {
        var lookup = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> text = stackalloc char[4096];
        foreach (var symbol in _symbols)
        {
            var name = Name((int)symbol.Name);
            if (symbol.SectionIndex != 0 && name.Length <= text.Length)
            {
                lookup.Remove(text[..Encoding.Latin1.GetChars(name, text)]);
            }
        }
    }

    private ReadOnlySpan<byte> Name(int start)
    {
        var rest = _names.AsSpan(start);
        return rest[..rest.IndexOf((byte)0)];
    }

    private SymbolNeed[] ReadNeeds(FileStream file, Section[] sections, int symbolSection)
    {
        var dynamic = Array.Find(sections, section => section.Type == DynamicSection);
        var lazyAddress = Table<Dynamic>(file, dynamic.Offset, dynamic.Size).FirstOrDefault(entry => entry.Tag == LazyRelocations).Value;
        var atLoad = new HashSet<int>();
        foreach (var section in sections.Where(section => section.Type == RelaSection && section.Link == symbolSection && section.Address != lazyAddress))
        {
            atLoad.UnionWith(Table<Relocation>(file, section.Offset, section.Size).Select(relocation => (int)(relocation.Info >> 32)));
        }

        var versionSection = Array.Find(sections, section => section.Type == SymbolVersions);
        var versions = versionSection.Size == 0 ? new ushort[_symbols.Length] : Table<ushort>(file, versionSection.Offset, versionSection.Size);
        if (versions.Length < _symbols.Length)
        {
            throw Damaged(Path);
        }

        var needs = new List<SymbolNeed>();
        for (var index = 1; index < _symbols.Length; index++)
        {
            var isStrong = _symbols[index].Info >> 4 == 1;
            if (_symbols[index].SectionIndex == 0 && isStrong && (versions[index] & 0x7fff) <= 1)
            {
                needs.Add(new SymbolNeed(Encoding.Latin1.GetString(Name((int)_symbols[index].Name)), atLoad.Contains(index)));
            }
        }

        return [.. needs];
    }

    private VersionNeed[] ReadVersions(FileStream file, Section[] sections)
    {
        var at = Array.FindIndex(sections, candidate => candidate.Type == VersionNeeds);
        if (at < 0 || sections[at].Size == 0)
        {
            return [];
        }

        var bytes = Read(file, sections[at].Offset, sections[at].Size);
        var strings = Linked(sections, at);
        var names = Read(file, strings.Offset, strings.Size);
        var found = new List<VersionNeed>();
        for (var need = 0; ;)
        {
            var library = Text(names, BitConverter.ToInt32(bytes, need + 4));
            var entry = need + BitConverter.ToInt32(bytes, need + 8);
            for (var count = BitConverter.ToUInt16(bytes, need + 2); count > 0; count--)
            {
                var isWeak = (BitConverter.ToUInt16(bytes, entry + 4) & WeakVersion) != 0;
                found.Add(new VersionNeed(library, Text(names, BitConverter.ToInt32(bytes, entry + 8)), isWeak));
                entry += BitConverter.ToInt32(bytes, entry + 12);
            }

            var step = BitConverter.ToInt32(bytes, need + 12);
            if (step == 0)
            {
                return [.. found];
            }

            need += step > 0 ? step : throw Damaged(Path);
        }
    }

    /// <summary>The section that another one names.</summary>
    private Section Linked(Section[] sections, int section) =>
        sections[section].Link is var link && link >= 0 && link < sections.Length ? sections[link] : throw Damaged(Path);

    private static InputException Damaged(string path, Exception? cause = null) =>
        InputException.InFile(path, "the section table", "a complete ELF library", "one that ends early", "Install it again.", cause);

    private static string Text(byte[] names, int start) => Encoding.Latin1.GetString(names, start, Array.IndexOf(names, (byte)0, start) - start);

    private static byte[] Read(FileStream file, long offset, long size)
    {
        var bytes = new byte[checked((int)size)];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static T[] Table<T>(FileStream file, long offset, long size)
        where T : struct => MemoryMarshal.Cast<byte, T>(Read(file, offset, size)).ToArray();

    /// <summary>A symbol that another library must offer.</summary>
    /// <param name="Name">Mangled.</param>
    /// <param name="AtLoad">Whether the loader refuses the library without it; otherwise only a call fails.</param>
    internal readonly record struct SymbolNeed(string Name, bool AtLoad);

    /// <summary>A version that a library must offer.</summary>
    /// <param name="Library">"libstdc++.so.6".</param>
    /// <param name="Version">"GLIBCXX_3.4.32".</param>
    /// <param name="IsWeak">Whether the loader goes on without it.</param>
    internal readonly record struct VersionNeed(string Library, string Version, bool IsWeak);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Section
    {
        public readonly uint NameOffset, Type;
        public readonly long Flags, Address, Offset, Size;
        public readonly int Link, Info;
        public readonly long Alignment, EntrySize;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Symbol
    {
        public readonly uint Name;
        public readonly byte Info, Other;
        public readonly ushort SectionIndex;
        public readonly long Value, Size;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Relocation
    {
        public readonly long Offset, Info, Addend;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Dynamic
    {
        public readonly long Tag, Value;
    }
}
