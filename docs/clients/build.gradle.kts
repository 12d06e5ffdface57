plugins {
  kotlin("jvm")
  id("com.apollographql.apollo") version "4.4.1"
}

dependencies {
  implementation("com.apollographql.apollo:apollo-runtime:4.4.1")
  implementation("com.apollographql.apollo:apollo-normalized-cache:4.4.1")
  implementation("com.apollographql.adapters:apollo-adapters-core:0.7.6")
}

apollo {
  service("todoql") {
    packageName.set("com.example.todoql")
    srcDir("src/main/graphql") // operations.graphql
    schemaFiles.from("schema.graphql", "extra.graphqls")
    sealedClassesForEnumsMatching.set(listOf(".*")) // a later version may have more values
    mapScalar("DateTime", "java.time.Instant", "com.apollographql.adapter.core.JavaInstantAdapter")
  }
}
