using System.Reflection;

namespace DcpNas.Runtime.Tests;

public class AssemblyTests
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private const string Root = "DcpNas.Runtime";

    [Fact]
    public void Runtime_ReferencesNothingButTheBaseClassLibrary() => Assert.All(
        typeof(PackedModelException).Assembly.GetReferencedAssemblies(),
        name => Assert.StartsWith("System.", name.Name, StringComparison.Ordinal));

    [Theory]
    [InlineData("Kernels", "Model", "Layers")]
    [InlineData("Model", "Kernels", "Layers")]
    public void Folder_KnowsNoneOfTheOthers(string folder, params string[] others)
    {
        var known = TypesIn(folder).SelectMany(KnownBy).Select(type => type.Namespace).ToHashSet();

        Assert.Contains($"{Root}.{folder}", known); // what is surely there is seen
        Assert.All(others, other => Assert.DoesNotContain(known, name => name is not null && name.StartsWith($"{Root}.{other}", StringComparison.Ordinal)));
    }

    private static IEnumerable<Type> TypesIn(string folder) =>
        typeof(PackedModelException).Assembly.GetTypes().Where(type => type.Namespace is { } name && (name == $"{Root}.{folder}" || name.StartsWith($"{Root}.{folder}.", StringComparison.Ordinal)));

    /// <summary>The types of fields, signatures and local variables.</summary>
    private static IEnumerable<Type> KnownBy(Type type) =>
    [
        .. type.GetFields(Everything).Select(field => field.FieldType),
        .. type.GetMethods(Everything).Select(method => method.ReturnType),
        .. type.GetMethods(Everything).Concat<MethodBase>(type.GetConstructors(Everything)).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)
            .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [])),
    ];
}
