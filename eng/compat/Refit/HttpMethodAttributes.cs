namespace Refit;

/// <summary>The verb and the path template of a client method; the path starts with a slash and may hold {placeholders}.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class HttpMethodAttribute : Attribute
{
    protected HttpMethodAttribute(string path) => Path = path;

    public abstract HttpMethod Method { get; }

    public virtual string Path { get; protected set; }
}

/// <summary>Marks a method that reads.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GetAttribute(string path) : HttpMethodAttribute(path)
{
    public override HttpMethod Method => HttpMethod.Get;
}

/// <summary>Marks a method that posts.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostAttribute(string path) : HttpMethodAttribute(path)
{
    public override HttpMethod Method => HttpMethod.Post;
}

/// <summary>Marks a method that puts.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PutAttribute(string path) : HttpMethodAttribute(path)
{
    public override HttpMethod Method => HttpMethod.Put;
}

/// <summary>Marks a method that patches.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PatchAttribute(string path) : HttpMethodAttribute(path)
{
    public override HttpMethod Method => HttpMethod.Patch;
}

/// <summary>Marks a method that deletes.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DeleteAttribute(string path) : HttpMethodAttribute(path)
{
    public override HttpMethod Method => HttpMethod.Delete;
}
