using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace DcpNas.Tests;

/// <summary>What a compiled assembly says: which types of others its methods name.</summary>
internal sealed class CompiledAssembly : IDisposable
{
    private const string OfTheCompiler = ".<>";

    private readonly PEReader _file;
    private readonly MetadataReader _reader;

    public CompiledAssembly(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
    }

    /// <summary>The project of this repository, built beside this one.</summary>
    public static string PathOf(string project) => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", project, Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), $"{project}.dll"));

    /// <summary>The methods that name a type of another assembly in their code, in what they catch or in a filter; without the collections that the compiler adds.</summary>
    public IEnumerable<string> MethodsThatName(string type) =>
        from handle in _reader.MethodDefinitions
        let method = _reader.GetMethodDefinition(handle)
        let owner = Outermost(method.GetDeclaringType())
        where !owner.StartsWith(OfTheCompiler, StringComparison.Ordinal) && method.RelativeVirtualAddress != 0
            && Names(_file.GetMethodBody(method.RelativeVirtualAddress)).Contains(type)
        select $"{owner}.{_reader.GetString(method.Name)}";

    /// <summary>The outermost types whose methods name a type of another assembly.</summary>
    public IReadOnlySet<string> TypesThatName(string type) => MethodsThatName(type).Select(method => method[..method.LastIndexOf('.')]).Select(name => name.TrimEnd('.')).ToHashSet();

    public void Dispose() => _file.Dispose();

    private HashSet<string> Names(MethodBodyBlock body)
    {
        var names = body.ExceptionRegions.Where(region => region.Kind == ExceptionRegionKind.Catch).Select(region => NameOf(region.CatchType)).OfType<string>().ToHashSet();
        // Every four bytes that could be a token: those of an instruction are among them, and chance hits only add to what is found.
        var code = body.GetILBytes() ?? [];
        for (var at = 0; at + 4 <= code.Length; at++)
        {
            if (NameOf(BitConverter.ToInt32(code, at)) is { } name)
            {
                names.Add(name);
            }
        }

        return names;
    }

    private string? NameOf(int token)
    {
        var (table, row) = ((TableIndex)(byte)(token >> 24), token & 0x00FFFFFF);
        return table is TableIndex.TypeRef or TableIndex.MemberRef or TableIndex.MethodSpec && row >= 1 && row <= _reader.GetTableRowCount(table)
            ? NameOf(MetadataTokens.EntityHandle(table, row))
            : null;
    }

    private string? NameOf(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeReference => NameOf((TypeReferenceHandle)handle),
        HandleKind.MemberReference => NameOf(_reader.GetMemberReference((MemberReferenceHandle)handle).Parent),
        HandleKind.MethodSpecification => NameOf(_reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method),
        _ => null,
    };

    private string NameOf(TypeReferenceHandle handle)
    {
        var type = _reader.GetTypeReference(handle);
        return $"{_reader.GetString(type.Namespace)}.{_reader.GetString(type.Name)}";
    }

    private string Outermost(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        for (var outer = type.GetDeclaringType(); !outer.IsNil; outer = type.GetDeclaringType())
        {
            type = _reader.GetTypeDefinition(outer);
        }

        return $"{_reader.GetString(type.Namespace)}.{_reader.GetString(type.Name)}";
    }
}
