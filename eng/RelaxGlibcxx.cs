using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Copies an ELF library with its needs for GLIBCXX_3.4.31 and 3.4.32 marked weak, so that an older libstdc++ may load it.</summary>
/// <remarks>Walks section .gnu.version_r (SHT_GNU_verneed) of a 64-bit little-endian ELF file; see the ELF gABI, "Symbol Versioning".</remarks>
public class RelaxGlibcxx : Task
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const int WeakFlag = 2;

    [Required]
    public string Source { get; set; }

    [Required]
    public string Destination { get; set; }

    public override bool Execute()
    {
        byte[] bytes = File.ReadAllBytes(Source);
        MarkWeak(bytes);
        if (File.Exists(Destination) && File.ReadAllBytes(Destination).SequenceEqual(bytes))
        {
            return true;
        }

        // Deleted first: a build may have hard-linked the file elsewhere.
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination)));
        File.Delete(Destination);
        File.WriteAllBytes(Destination, bytes);
        return true;
    }

    private static void MarkWeak(byte[] elf)
    {
        Func<long, int> u16 = offset => BitConverter.ToUInt16(elf, (int)offset);
        Func<long, long> u32 = offset => BitConverter.ToUInt32(elf, (int)offset);
        Func<long, long> u64 = offset => (long)BitConverter.ToUInt64(elf, (int)offset);
        long sections = u64(0x28);
        int entrySize = u16(0x3A), sectionCount = u16(0x3C);
        for (int i = 0; i < sectionCount; i++)
        {
            long section = sections + ((long)i * entrySize);
            if (u32(section + 4) != VersionNeedSection)
            {
                continue;
            }

            long names = u64(sections + (u32(section + 40) * entrySize) + 24);
            long need = u64(section + 24);
            while (true)
            {
                long entry = need + u32(need + 8);
                for (int k = u16(need + 2); k > 0; k--)
                {
                    string version = Name(elf, (int)(names + u32(entry + 8)));
                    if (version == "GLIBCXX_3.4.31" || version == "GLIBCXX_3.4.32")
                    {
                        elf[entry + 4] |= WeakFlag;
                    }

                    entry += u32(entry + 12);
                }

                long step = u32(need + 12);
                if (step == 0)
                {
                    break;
                }

                need += step;
            }
        }
    }

    private static string Name(byte[] elf, int start)
    {
        int end = start;
        while (elf[end] != 0)
        {
            end++;
        }

        return Encoding.ASCII.GetString(elf, start, end - start);
    }
}
