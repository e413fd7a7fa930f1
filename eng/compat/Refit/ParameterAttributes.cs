namespace Refit;

/// <summary>Marks the parameter that becomes the request body.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BodyAttribute : Attribute;

/// <summary>Marks a query parameter; needed only for collections, scalars become query parameters without it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class QueryAttribute : Attribute
{
    public QueryAttribute()
    {
    }

    public QueryAttribute(CollectionFormat collectionFormat) => CollectionFormat = collectionFormat;

    public CollectionFormat CollectionFormat { get; set; }
}

/// <summary>How a collection is written into the query.</summary>
public enum CollectionFormat
{
    RefitParameterFormatter = 0,
    Csv = 1,
    Multi = 5,
}

/// <summary>Sends a parameter as a request header; null sends none.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HeaderAttribute(string header) : Attribute
{
    public string Header { get; } = header;
}

/// <summary>Fixed request headers, each written <c>Name: value</c>.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Interface)]
public sealed class HeadersAttribute(params string[] headers) : Attribute
{
    public string[] Headers { get; } = headers;
}

/// <summary>The name of a parameter on the wire where it differs from the name in the code.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class AliasAsAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
